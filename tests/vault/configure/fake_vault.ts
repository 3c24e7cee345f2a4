import type { VaultAnswer, VaultClient, VaultMethod } from "../../../lib/vault/client.ts";
import { VaultError } from "../../../lib/vault/errors.ts";

/** A request that a fake Vault was sent. */
export interface FakeRequest {
  /** Method. */
  method: VaultMethod;
  /** Path. */
  path: string;
  /** Body. */
  body?: unknown;
}

/** A Vault that has what a test says: the data of reads by path, and the names of lists. */
export function fakeVault(
  reads: Record<string, unknown>,
  { answer }: { answer?: (request: FakeRequest) => unknown } = {},
): VaultClient & { requests: FakeRequest[] } {
  const requests: FakeRequest[] = [];
  const client: VaultClient & { requests: FakeRequest[] } = {
    requests,
    address: "https://vault.example.org:8200",
    request<T>(method: VaultMethod, path: string, options: { body?: unknown } = {}) {
      const request = { method, path, ...options.body === undefined ? {} : { body: options.body } };
      requests.push(request);
      if (method === "GET" || method === "LIST") {
        const found = reads[method === "LIST" ? `${path}/` : path];
        const data = Array.isArray(found) ? { keys: found } : found;
        return Promise.resolve(data === undefined ? undefined : { data } as T);
      }
      const answered = answer?.(request);
      return answered instanceof VaultError
        ? Promise.reject(answered)
        : Promise.resolve(answered as T | undefined);
    },
    ask: (): Promise<VaultAnswer> => Promise.reject(new Error("not faked")),
    download: () => Promise.reject(new Error("not faked")),
    upload: () => Promise.reject(new Error("not faked")),
    withToken: () => client,
    close: () => {},
  };
  return client;
}

/** What Vault says to a write that is bound to another version. */
export function casMismatch(): VaultError {
  return new VaultError("Cannot write", {
    problem: "invalid",
    address: "https://vault.example.org:8200",
    status: 400,
    errors: ["check-and-set parameter did not match the current version"],
  });
}
