import type { VaultClient } from "./client.ts";
import { VaultError } from "./errors.ts";

/** A secret of a KV engine of version 2. */
export interface SecretPlace {
  /** Mount path of the engine. */
  mount: string;
  /** Path in it. */
  path: string;
}

/**
 * Write a new version of a secret, if the present one is `version`: the number of the new one, or undefined when
 * somebody else was faster. Source: Vault API, KV version 2, "Create/Update secret", options.cas.
 *
 * @throws {VaultError} when Vault refuses it for another reason
 */
export async function replaceSecret(
  client: VaultClient,
  { mount, path }: SecretPlace,
  data: Readonly<Record<string, unknown>>,
  version: number,
  signal?: AbortSignal,
): Promise<number | undefined> {
  try {
    const answer = await client.request<{ data: { version: number } }>(
      "POST",
      `${mount}/data/${path}`,
      { body: { options: { cas: version }, data }, signal },
    );
    return answer?.data.version;
  } catch (error) {
    if (error instanceof VaultError && error.errors.some((text) => /check-and-set/.test(text))) {
      return undefined;
    }
    throw error;
  }
}
