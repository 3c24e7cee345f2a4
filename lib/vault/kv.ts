import { retry } from "../core/retry.ts";
import type { VaultClient } from "./client.ts";
import { VaultError } from "./errors.ts";
import { readData } from "./read.ts";

/** A secret of a KV engine of version 2. */
export interface SecretPlace {
  /** Mount path of the engine. */
  mount: string;
  /** Path in it. */
  path: string;
}

/** What stands at a path of a KV engine. Source: Vault API, KV secrets engine version 2. */
export type FoundSecret =
  | { state: "absent" }
  | { state: "deleted"; version: number }
  | { state: "there"; version: number; data: Readonly<Record<string, unknown>> };

interface Metadata {
  current_version: number;
  versions: Record<string, { deletion_time: string; destroyed: boolean }>;
}

/** Read a secret. A version that was deleted is something else than a secret that never was: it can come back. */
export function readSecret(
  client: VaultClient,
  { mount, path }: SecretPlace,
  signal?: AbortSignal,
): Promise<FoundSecret> {
  return whenUpgraded(async () => {
    for (;;) {
      const found = await readData<
        { data: Record<string, unknown> | null; metadata: { version: number } }
      >(client, `${mount}/data/${path}`, signal);
      if (found?.data) {
        return { state: "there", version: found.metadata.version, data: found.data };
      }
      const metadata = await readData<Metadata>(client, `${mount}/metadata/${path}`, signal);
      const version = metadata?.current_version ?? 0;
      if (version === 0) return { state: "absent" };
      const { deletion_time, destroyed } = metadata!.versions[version] ?? {};
      // Without either, somebody wrote it between the two reads.
      if (deletion_time || destroyed) return { state: "deleted", version };
    }
  }, signal);
}

/**
 * Add keys to a secret that is as it was found: false when somebody else was faster. Source: Vault API, KV version
 * 2, "Create/Update secret" and "Patch secret", options.cas.
 */
export async function addToSecret(
  client: VaultClient,
  { mount, path }: SecretPlace,
  data: Readonly<Record<string, string>>,
  version: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const method = version === 0 ? "POST" : "PATCH";
  try {
    return await whenUpgraded(
      () => writeIfUnchanged(client, method, { mount, path }, data, version, signal),
      signal,
    );
  } catch (error) {
    // A patch of a secret that was deleted in between.
    if (error instanceof VaultError && method === "PATCH" && error.status === 404) return false;
    throw error;
  }
}

/**
 * Write a new version of a secret that is as it was found: false when somebody else was faster. Source: Vault API, KV
 * version 2, "Create/Update secret", options.cas.
 *
 * @throws {VaultError} when Vault refuses it for another reason
 */
export function replaceSecret(
  client: VaultClient,
  place: SecretPlace,
  data: Readonly<Record<string, unknown>>,
  version: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return writeIfUnchanged(client, "POST", place, data, version, signal);
}

async function writeIfUnchanged(
  client: VaultClient,
  method: "POST" | "PATCH",
  { mount, path }: SecretPlace,
  data: Readonly<Record<string, unknown>>,
  version: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const body = { options: { cas: version }, data };
  try {
    await client.request(method, `${mount}/data/${path}`, { body, signal });
    return true;
  } catch (error) {
    if (error instanceof VaultError && error.errors.some((text) => /check-and-set/.test(text))) {
      return false;
    }
    throw error;
  }
}

/** A KV engine that was just mounted prepares itself for a moment. Source: Vault, KV version 2, "Upgrading from Version 1". */
export function whenUpgraded<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return retry(work, {
    attempts: 40,
    firstDelayMs: 20,
    maxDelayMs: 500,
    signal,
    retryable: (error) =>
      error instanceof VaultError &&
      error.errors.some((text) => /upgrading from non-versioned/i.test(text)),
  });
}
