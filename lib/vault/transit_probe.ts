import type { VaultClient } from "./client.ts";
import { hasProblem } from "./errors.ts";
import type { LookOptions } from "./status.ts";

/** A Transit key. */
export interface TransitKeyPlace {
  /** Mount path of the engine. */
  mountPath: string;
  /** Name of the key. */
  key: string;
}

/** A random value, encrypted by a Transit key: whoever can decrypt it has that very key, not another of its name. */
export interface TransitProbe {
  /** The value, encrypted, as Vault writes it: `vault:v3:…`. */
  ciphertext: string;
  /** SHA-256 of the value, in lower-case hexadecimal digits. */
  sha256: string;
}

/** Encrypt a random value. Needs the capability to encrypt with the key. Source: Vault, Transit API, "Encrypt data". */
export async function makeProbe(
  client: VaultClient,
  { mountPath, key }: TransitKeyPlace,
  options: LookOptions = {},
): Promise<TransitProbe> {
  const value = crypto.getRandomValues(new Uint8Array(32));
  const answer = await client.request<{ data: { ciphertext: string } }>(
    "POST",
    `${mountPath}/encrypt/${key}`,
    { body: { plaintext: value.toBase64() }, ...options },
  );
  return { ciphertext: answer?.data.ciphertext ?? "", sha256: await digest(value) };
}

/**
 * Whether the key that encrypted a probe is still there. Needs the capability to decrypt with it.
 * Source: Vault, Transit API, "Decrypt data".
 */
export async function checkProbe(
  client: VaultClient,
  { mountPath, key }: TransitKeyPlace,
  { ciphertext, sha256 }: TransitProbe,
  options: LookOptions = {},
): Promise<boolean> {
  try {
    const answer = await client.request<{ data: { plaintext: string } }>(
      "POST",
      `${mountPath}/decrypt/${key}`,
      { body: { ciphertext }, ...options },
    );
    return await digest(Uint8Array.fromBase64(answer?.data.plaintext ?? "")) === sha256;
  } catch (error) {
    // A key that is gone, was made anew, or lost old versions.
    if (hasProblem(error, "invalid", "not-found")) return false;
    throw error;
  }
}

/** Version of the key that encrypted something; undefined where the text does not say. */
export function versionOf({ ciphertext }: Pick<TransitProbe, "ciphertext">): number | undefined {
  const [, version] = /^vault:v(\d+):/.exec(ciphertext) ?? [];
  return version === undefined ? undefined : Number(version);
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
