import type { VaultClient } from "./client.ts";
import { hasProblem } from "./errors.ts";
import type { LookOptions } from "./status.ts";

/** Where a canary is: a value that only the backup after it has, and that shows of a restored Vault what it holds. */
export interface CanaryPlace {
  /** Mount of a KV engine with versions. */
  mount: string;
  /** Path in it. */
  path: string;
}

/** What is kept of a canary outside of Vault. */
export interface Canary extends CanaryPlace {
  /** SHA-256 of its value, in lower-case hexadecimal digits. */
  sha256: string;
}

/** Field of the secret that holds the value. */
const field = "canary";

/** Write a new random value. Source: Vault, KV secrets engine, version 2, "Create/update secret". */
export async function writeCanary(
  client: VaultClient,
  place: CanaryPlace,
  options: LookOptions = {},
): Promise<Canary> {
  const value = crypto.getRandomValues(new Uint8Array(32)).toHex();
  await client.request("POST", `${place.mount}/data/${place.path}`, {
    body: { data: { [field]: value } },
    ...options,
  });
  return { ...place, sha256: await digest(value) };
}

/** SHA-256 of the value that is there now; undefined where there is none. */
export async function readCanary(
  client: VaultClient,
  { mount, path }: CanaryPlace,
  options: LookOptions = {},
): Promise<string | undefined> {
  try {
    const answer = await client.request<{ data?: { data?: Record<string, unknown> } }>(
      "GET",
      `${mount}/data/${path}`,
      options,
    );
    const value = answer?.data?.data?.[field];
    return typeof value === "string" ? await digest(value) : undefined;
  } catch (error) {
    if (hasProblem(error, "not-found")) return undefined;
    throw error;
  }
}

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
