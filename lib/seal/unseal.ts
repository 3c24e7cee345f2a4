import { SlipwayError } from "../core/errors.ts";
import { CannotUnseal } from "./errors.ts";
import { unsealValue } from "./format.ts";
import { labelOf, scopeOf } from "./scope.ts";
import type { SealedSecret } from "./sealed_secret.ts";
import type { PlainSecret } from "./secret.ts";

/** A Secret that was opened. */
export interface Unsealed extends PlainSecret {
  /** Keys that the controller makes from Go templates, which are not filled here. */
  templated: readonly string[];
}

/**
 * Open all values of a SealedSecret, as the controller does.
 *
 * @param privateKeys keys of which each value needs one
 * @param place where the SealedSecret comes from, for messages
 * @throws {CannotUnseal} when a value cannot be opened, naming each that cannot
 */
export async function unsealSecret(
  sealed: SealedSecret,
  privateKeys: readonly CryptoKey[],
  place: string,
): Promise<Unsealed> {
  const { name, namespace, annotations } = sealed.metadata;
  const scope = scopeOf(annotations);
  const label = labelOf({ name, namespace }, scope);
  const failed: string[] = [];
  const values = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [key, text] of Object.entries(sealed.spec.encryptedData)) {
    try {
      values.set(key, await unsealValue(text, privateKeys, label));
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      failed.push(`${key} (${error instanceof CannotUnseal ? "no key opens it" : "malformed"})`);
    }
  }
  if (failed.length > 0) {
    throw new CannotUnseal(
      `Cannot open ${place} with ${privateKeys.length} ${
        privateKeys.length === 1 ? "key" : "keys"
      } and the scope ${scope} of ${namespace ?? "any namespace"}/${name}: ${failed.join(", ")}`,
      {
        remedy:
          "give the key of the cluster and time that it was sealed for; a SealedSecret that was renamed, moved or given another scope cannot be opened",
      },
    );
  }
  const { metadata = {}, type, immutable, data } = sealed.spec.template ?? {};
  const { name: _name, namespace: _namespace, creationTimestamp: _created, ...others } = metadata ??
    {};
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    metadata: others,
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    values,
    templated: Object.keys(data ?? {}),
  };
}

/** A Secret as an object with base64 in `data`. It is in plain: write it nowhere but where the user said. */
export function secretDocument(secret: PlainSecret): Record<string, unknown> {
  const { name, namespace, metadata, type, immutable, values } = secret;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    data: Object.fromEntries([...values].map(([key, plain]) => [key, plain.toBase64()])),
  };
}
