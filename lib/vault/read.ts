import type { VaultClient } from "./client.ts";
import { VaultError } from "./errors.ts";

/** What a read gave; undefined where nothing is there, or nothing is mounted. */
export async function readData<T = Record<string, unknown>>(
  client: VaultClient,
  path: string,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const answer = await absentAsUndefined(() =>
    client.request<{ data?: T | null }>("GET", path, { signal })
  );
  return answer?.data ?? undefined;
}

/** The names below a path; none where nothing is there, or nothing is mounted. */
export async function listNames(
  client: VaultClient,
  path: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const answer = await absentAsUndefined(() =>
    client.request<{ data?: { keys?: string[] } }>("LIST", path, { signal })
  );
  return answer?.data?.keys ?? [];
}

async function absentAsUndefined<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VaultError && error.problem === "not-found") return undefined;
    throw error;
  }
}
