import { SlipwayError } from "./errors.ts";

/** How often and how patiently to try again. */
export interface RetryOptions {
  /** Tries in all. @default 5 */
  attempts?: number;
  /** Wait before the second try, in milliseconds; doubles from try to try. @default 100 */
  firstDelayMs?: number;
  /** Longest wait, in milliseconds. @default 5_000 */
  maxDelayMs?: number;
  /** Share of each wait that is random, 0 to 1. @default 0.5 */
  jitter?: number;
  /** Ends the waiting and the trying. */
  signal?: AbortSignal;
  /** A random number in [0, 1). @default Math.random */
  random?: () => number;
  /** Whether a failure is worth another try. @default errors that say `retryable` */
  retryable?: (error: unknown) => boolean;
  /** A wait that the failure itself asks for, in milliseconds, such as Retry-After. */
  delayAsked?: (error: unknown) => number | undefined;
  /** How to wait. @default a timer that `signal` ends */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Call `operation` until it succeeds, fails for good, or the tries are used up; then its last error is thrown.
 *
 * @example
 * ```ts
 * await retry(() => client.read("/readyz"), { attempts: 10, signal });
 * ```
 */
export async function retry<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 5, signal, sleep = sleepFor } = options;
  const retryable = options.retryable ??
    ((error) => error instanceof SlipwayError && error.retryable);
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !retryable(error)) throw error;
      await sleep(options.delayAsked?.(error) ?? backoffMs(attempt, options), signal);
    }
  }
}

/** The wait after the `attempt`-th try, in milliseconds: exponential, capped, with jitter taken off. */
export function backoffMs(
  attempt: number,
  { firstDelayMs = 100, maxDelayMs = 5_000, jitter = 0.5, random = Math.random }: RetryOptions = {},
): number {
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.round(full * (1 - jitter * random()));
}

/** Wait for a time in milliseconds; rejects with the signal's reason when it is aborted first. */
export function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
