import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** Sealed values must be for declared keys, and look like what sealing gives: a value in plain sight must not pass for one. */
export function checkSealedSecrets({ sealedSecrets }: Platform): Mistake[] {
  return Object.entries(sealedSecrets).flatMap(([name, { keys, sealed, sealedWith = {} }]) => [
    ...Object.keys(sealedWith).flatMap((key) => {
      const path = ["sealedSecrets", name, "sealedWith", key];
      return refer(path, key, Object.keys(sealed), `sealed value of ${name}`)
        .map((mistake) => ({ ...mistake, atKey: true }));
    }),
    ...Object.entries(sealed).flatMap(([key, value]) => {
      const path = ["sealedSecrets", name, "sealed", key];
      return [
        ...refer(path, key, keys, `key of sealed secret ${name}`)
          .map((mistake) => ({ ...mistake, atKey: true })),
        ...(isSealed(value) ? [] : [{
          path,
          // Never the value itself: it may be the secret.
          message: "this is not sealed, expected what `deno task seal-secret` writes; " +
            "if it is the secret itself, it has to be changed now",
        }]),
      ];
    }),
  ]);
}

/**
 * Base64 of the length of a wrapped session key in two bytes, the wrapped key, and the value with a tag of 16 bytes.
 * Source: bitnami-labs/sealed-secrets, pkg/crypto HybridEncrypt.
 */
function isSealed(text: string): boolean {
  try {
    const bytes = Uint8Array.fromBase64(text);
    const keyLength = (bytes[0]! << 8) + bytes[1]!;
    return keyLength >= 128 && bytes.length >= 2 + keyLength + 16;
  } catch {
    return false;
  }
}
