import { retry, type RetryOptions } from "../core/retry.ts";

/**
 * Ask a store, and ask again while it fails in a way that passes, until its patience ends. A wait that the store asks
 * for is kept. A store that has not answered yet is given up sooner: its address is likelier wrong.
 */
export type Persist = <T>(ask: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Tries in all with a store that has never answered. */
const firstTries = 5;

/** What failures can pass by themselves. Source: Amazon S3 API Reference, "Error responses". */
const passing = new Set([
  "BadDigest",
  "IncompleteBody",
  "InternalError",
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "ServiceUnavailable",
  "SlowDown",
  "SlowDownRead",
  "SlowDownWrite",
  "TimeoutError",
  "XAmzContentSHA256Mismatch",
]);

/** A failure as the client library throws it. Source: AWS SDK for JavaScript, ServiceException. */
interface Failure {
  name: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
}

/** Make a {@linkcode Persist} with a patience in milliseconds. */
export function createPersist(
  retryMs: number,
  { sleep }: Pick<RetryOptions, "sleep"> = {},
): Persist {
  let hasAnswered = false;
  return async (ask, signal) => {
    const begunMs = performance.now();
    let tries = 0;
    let skews = 0;
    const answer = await retry(() => (tries++, ask()), {
      attempts: Infinity,
      firstDelayMs: 200,
      signal,
      ...sleep === undefined ? {} : { sleep },
      delayAsked: retryAfterMs,
      retryable(error) {
        if (!isPassing(error)) return false;
        const status = (error as Failure).$metadata?.httpStatusCode;
        if (status !== undefined) hasAnswered = true;
        // The client library sets its clock by the answer; what is refused after that is refused for good.
        if ((error as Failure).name === "RequestTimeTooSkewed" && skews++ > 0) return false;
        const goneMs = performance.now() - begunMs + (retryAfterMs(error) ?? 0);
        return goneMs < retryMs && (hasAnswered || tries < firstTries);
      },
    });
    hasAnswered = true;
    return answer;
  };
}

/** Whether a failure may pass by itself. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code = "", $metadata } = error as Failure & Error;
  const status = $metadata?.httpStatusCode ?? 0;
  return passing.has(name) || [408, 429, 500, 502, 503, 504].includes(status) ||
    /^(ECONN|EPIPE|EHOST|ENET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code);
}

/** Source: RFC 9110, section 10.2.3. */
function retryAfterMs(error: unknown): number | undefined {
  const text = (error as Failure).$response?.headers?.["retry-after"];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const ms = Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
