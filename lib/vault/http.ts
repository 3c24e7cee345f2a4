import { SlipwayError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import { retry, type RetryOptions } from "../core/retry.ts";
import { formatDuration } from "../core/units.ts";
import type { VaultAnswer, VaultClient, VaultMethod, VaultRequestOptions } from "./client.ts";
import { connectionFailure } from "./connection_failure.ts";
import { VaultError } from "./errors.ts";
import { type ExchangeAnswer, httpExchange, type VaultExchange } from "./exchange.ts";
import { refusalOf } from "./refusal.ts";

/** What a client needs besides the way to its server. */
export interface VaultClientOptions {
  /** Token to begin with. */
  token?: string;
  /** Learns tokens, and hides secrets in what the server answers. */
  redactor: Redactor;
  /** How requests are retried within their deadline. */
  retry?: Pick<RetryOptions, "attempts" | "firstDelayMs" | "maxDelayMs" | "random" | "sleep">;
}

/** A {@linkcode VaultClientOptions} of a client over HTTP. */
export interface HttpVaultOptions extends VaultClientOptions {
  /** URL, such as `https://vault.example.org:8200`. */
  address: string;
  /** Authorities besides the public ones, in PEM. */
  caCerts?: readonly string[];
}

/**
 * A client for one Vault server over HTTP. It connects with its first request; close it when done.
 *
 * @example
 * ```ts
 * const vault = createVaultClient({ address, caCerts: [pem], redactor: context.redactor });
 * const status = await vault.request("GET", "sys/seal-status");
 * ```
 * @throws {UsageError} when the address or an authority is malformed
 */
export function createVaultClient(options: HttpVaultOptions): VaultClient {
  return vaultClientOver(httpExchange(options.address, options.caCerts), options);
}

/** A client for the Vault server that an exchange leads to. */
export function vaultClientOver(
  exchange: VaultExchange,
  options: VaultClientOptions,
): VaultClient {
  const { token, redactor } = options;
  if (token !== undefined) redactor.add(token);
  const { address } = exchange;

  /** Send once, and hand the answer on while the deadline lasts. */
  async function send<T>(
    method: VaultMethod,
    path: string,
    request: VaultRequestOptions & { bytes?: Uint8Array<ArrayBuffer> },
    signal: AbortSignal,
    use: (answer: ExchangeAnswer) => Promise<T>,
  ): Promise<T> {
    const { body, bytes, query } = request;
    const list = method === "LIST";
    const parameters = new URLSearchParams({ ...query, ...(list ? { list: "true" } : {}) });
    const tried = `${method} ${path}`;
    const answer = await exchange.send({
      tried,
      // The same as LIST, which not everything on the way knows. Source: Vault, "HTTP API", API operations.
      method: list ? "GET" : method,
      path: `/v1/${path}${parameters.size === 0 ? "" : `?${parameters}`}`,
      headers: {
        "x-vault-request": "true",
        ...(token === undefined ? {} : { "x-vault-token": token }),
        ...(body === undefined ? {} : { "content-type": contentTypeOf(method) }),
      },
      body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal,
    });
    try {
      return await use(answer);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof SlipwayError ? error : connectionFailure(tried, address, error);
    }
  }

  async function refusal(method: VaultMethod, path: string, answer: ExchangeAnswer) {
    const body = await bodyOf(answer);
    const location = answer.headers.get("location");
    const errors = location === null ? errorsIn(body) : [location];
    return refusalOf({
      address,
      method,
      path,
      status: answer.status,
      errors: errors.map((error) => redactor.redact(error)),
      hadToken: token !== undefined,
    });
  }

  /** Do something with all its tries within its deadline. */
  async function within<T>(
    method: VaultMethod,
    path: string,
    { signal, timeoutMs = 30_000 }: VaultRequestOptions,
    attempts: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), timeoutMs);
    const either = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
    let last: unknown;
    try {
      return await retry(async () => {
        try {
          return await work(either);
        } catch (error) {
          if (!either.aborted) last = error;
          throw error;
        }
      }, {
        firstDelayMs: 50,
        maxDelayMs: 2_000,
        attempts,
        ...options.retry,
        signal: either,
        retryable: (error) => mayRepeat(method, error),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!timer.signal.aborted) throw error;
      if (last instanceof VaultError) throw last;
      throw new VaultError(
        `Cannot ${method} ${path} at the Vault ${address}: no answer within ${
          formatDuration(timeoutMs)
        }`,
        {
          problem: "timed-out",
          address,
          remedy: "check that Vault answers, or allow more time",
          retryable: true,
          cause: error,
        },
      );
    } finally {
      clearTimeout(timeout);
    }
  }

  return {
    address,
    request: <T>(method: VaultMethod, path: string, request: VaultRequestOptions = {}) =>
      within(
        method,
        path,
        request,
        6,
        (signal) =>
          send(method, path, request, signal, async (answer) => {
            if (answer.status >= 200 && answer.status < 300) {
              return await bodyOf(answer) as T | undefined;
            }
            const error = await refusal(method, path, answer);
            const isAbsent = error.status === 404 && error.errors.length === 0 &&
              (method === "GET" || method === "LIST");
            if (isAbsent) return undefined;
            throw error;
          }),
      ),
    ask: (method, path, request = {}): Promise<VaultAnswer> =>
      within(
        method,
        path,
        request,
        1,
        (signal) =>
          send(method, path, request, signal, async (answer) => ({
            status: answer.status,
            body: await bodyOf(answer),
          })),
      ),
    download: (path, request = {}) => {
      const { signal = new AbortController().signal } = request;
      // The deadline is for the answer to begin; how long its body takes, its size decides.
      return within("GET", path, request, 6, (deadline) => {
        const ending = new AbortController();
        const stop = () => ending.abort(deadline.reason);
        deadline.addEventListener("abort", stop, { once: true });
        signal.addEventListener("abort", () => ending.abort(signal.reason), { once: true });
        return send("GET", path, request, ending.signal, async (answer) => {
          if (answer.status !== 200 || answer.body === null) {
            throw await refusal("GET", path, answer);
          }
          deadline.removeEventListener("abort", stop);
          return answer.body;
        });
      });
    },
    upload: (path, bytes, request = {}) =>
      within(
        "POST",
        path,
        request,
        1,
        (signal) =>
          send("POST", path, { ...request, bytes }, signal, async (answer) => {
            if (answer.status >= 300) throw await refusal("POST", path, answer);
            await answer.body?.cancel();
          }),
      ),
    withToken: (other) => vaultClientOver(exchange, { ...options, token: other }),
    close: () => exchange.close(),
  };
}

/** What has no side effect may be repeated; all else only where Vault cannot have acted on it. */
function mayRepeat(method: VaultMethod, error: unknown): boolean {
  if (!(error instanceof VaultError) || !error.retryable) return false;
  return method === "GET" || method === "LIST" || error.unsent ||
    ["rate-limited", "no-leader", "standby"].includes(error.problem);
}

/** Source: Vault API, KV version 2, "Patch secret". */
function contentTypeOf(method: VaultMethod): string {
  return method === "PATCH" ? "application/merge-patch+json" : "application/json";
}

async function bodyOf({ body }: ExchangeAnswer): Promise<unknown> {
  const text = body === null ? "" : await new Response(body).text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Vault's own list of errors; the text of what answers in its place. */
function errorsIn(body: unknown): string[] {
  if (typeof body === "string") return [body.slice(0, 200)];
  const { errors, message } = (body ?? {}) as Record<string, unknown>;
  if (Array.isArray(errors)) return errors.map(String).filter((error) => error !== "");
  // A proxy, or an API server, in Vault's place.
  return typeof message === "string" ? [message] : [];
}
