/** Methods of Vault's HTTP API that are used. */
export type VaultMethod = "GET" | "POST" | "PUT" | "DELETE" | "LIST" | "PATCH";

/** Options of one request. */
export interface VaultRequestOptions {
  /** Body, sent as JSON. */
  body?: unknown;
  /** Parameters of the URL. */
  query?: Readonly<Record<string, string>>;
  /** Ends the request. */
  signal?: AbortSignal;
  /** Deadline with all retries, in milliseconds. @default 30_000 */
  timeoutMs?: number;
  /** Tries in all, where a failure is worth another one. @default 6 */
  attempts?: number;
}

/** What Vault answered. */
export interface VaultAnswer {
  /** HTTP status code. */
  status: number;
  /** Body, where there is one and it is JSON. */
  body: unknown;
}

/**
 * All that Slipway asks of one Vault server. Paths are those of the API reference without `/v1/`, such as
 * `sys/seal-status`. Failures are thrown as `VaultError`, which names the cause: sealed, standby, unreachable, a CA
 * that is not trusted, a token that has ended, a permission that lacks.
 */
export interface VaultClient {
  /** Where it is, for messages: a URL, or `vault/vault-0 through the API server`. */
  readonly address: string;
  /** The answer's `body`, for statuses from 200 to 299; undefined where Vault has none (404 of a read, 204). */
  request<T = unknown>(
    method: VaultMethod,
    path: string,
    options?: VaultRequestOptions,
  ): Promise<T | undefined>;
  /** The answer whatever its status, as `sys/health` needs it. */
  ask(method: VaultMethod, path: string, options?: VaultRequestOptions): Promise<VaultAnswer>;
  /** The answer as bytes while they come, as for `sys/storage/raft/snapshot`. */
  download(path: string, options?: VaultRequestOptions): Promise<ReadableStream<Uint8Array>>;
  /** Send bytes, as for `sys/storage/raft/snapshot`. */
  upload(
    path: string,
    body: Uint8Array<ArrayBuffer>,
    options?: VaultRequestOptions,
  ): Promise<void>;
  /** The same server with another token, which the redactor then knows; without one where it is undefined. */
  withToken(token: string | undefined): VaultClient;
  /** Close connections. */
  close(): void;
}
