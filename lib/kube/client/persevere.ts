import { retry, type RetryOptions } from "../../core/retry.ts";
import { StatusError } from "../../core/status_error.ts";
import type { Call } from "./call.ts";
import { ConnectionFailed } from "./connection_error.ts";
import type { Deadline } from "./deadline.ts";
import { askedDelayMs, breaksBudget } from "./status_answer.ts";

/** Tries after failures that do not say when to come back: about three seconds of patience. */
const triesWithoutWord = 6;

/** What decides whether a request may be sent again. */
export type Repeatable = Pick<Call, "repeatable" | "alsoRetry">;

/** Try a request again until its deadline, as far as another try is worth it and does no harm. */
export function persevere<T>(
  request: () => Promise<T>,
  call: Repeatable,
  deadline: Deadline,
  patience: Pick<RetryOptions, "firstDelayMs" | "maxDelayMs" | "random" | "sleep"> = {},
): Promise<T> {
  let withoutWord = 0;
  const attempt = async () => {
    try {
      return await request();
    } catch (error) {
      if (!deadline.signal.aborted) deadline.lastFailure = error;
      throw error;
    }
  };
  return retry(attempt, {
    firstDelayMs: 100,
    maxDelayMs: 2_000,
    ...patience,
    attempts: Infinity,
    signal: deadline.signal,
    delayAsked: askedDelayMs,
    retryable(error) {
      if (!mayRepeat(call, error)) return false;
      const asked = askedDelayMs(error);
      if (asked === undefined) return ++withoutWord < triesWithoutWord;
      return asked < deadline.leftMs();
    },
  });
}

/** Whether another try is worth it and does no harm. */
function mayRepeat(call: Repeatable, error: unknown): boolean {
  if (error instanceof ConnectionFailed) {
    return error.retryable && (error.unsent || call.repeatable);
  }
  if (!(error instanceof StatusError)) return false;
  const { status } = error;
  // API Priority and Fairness answers 429 before it looks at the request.
  if (status.code === 429) return !breaksBudget(status);
  if (call.alsoRetry?.(error)) return true;
  const promised = status.code >= 500 && status.details?.retryAfterSeconds !== undefined;
  return call.repeatable && (promised || [502, 503, 504].includes(status.code));
}
