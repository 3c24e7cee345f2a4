import { messageOf, SlipwayError, TimedOut } from "../../core/errors.ts";
import { StatusError } from "../../core/status_error.ts";
import { formatDuration } from "../../core/units.ts";

/** Time that one request has, with all of its tries. */
export interface Deadline {
  /** What is being done, such as `apply ConfigMap shop/web`. */
  tried: string;
  /** Aborted when the time is up, or when the caller gives up. */
  signal: AbortSignal;
  /** Milliseconds that are left. */
  leftMs(): number;
  /** True once the time is up. */
  expired(): boolean;
  /** The latest failure that was worth another try; a time-out tells it. */
  lastFailure?: unknown;
}

/** What ends a {@linkcode Deadline}, besides its work. */
export interface DeadlineOptions {
  /** URL of the API server, for messages. */
  server: string;
  /** Time in milliseconds. */
  timeoutMs: number;
  /** The caller's own signal; its reason is thrown when it is aborted. */
  signal?: AbortSignal;
  /** Aborted when the client closes. */
  closing: AbortSignal;
}

/**
 * Do some work within a time.
 *
 * @throws {TimedOut} when the time is up first
 */
export async function withDeadline<T>(
  tried: string,
  { server, timeoutMs, signal, closing }: DeadlineOptions,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const endsAt = performance.now() + timeoutMs;
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort(new DOMException("The request's time is up", "TimeoutError"));
  }, timeoutMs);
  const onAbort = () => controller.abort(signal?.reason);
  const onClose = () => controller.abort(new SlipwayError(`Cannot ${tried}: the client is closed`));
  signal?.addEventListener("abort", onAbort, { once: true });
  closing.addEventListener("abort", onClose, { once: true });
  if (closing.aborted) onClose();
  const deadline: Deadline = {
    tried,
    signal: controller.signal,
    leftMs: () => endsAt - performance.now(),
    expired: () => expired,
  };
  try {
    controller.signal.throwIfAborted();
    return await work(deadline);
  } catch (error) {
    if (signal?.aborted) throw underWay(signal.reason, server, deadline);
    if (closing.aborted) throw controller.signal.reason;
    if (!expired || error instanceof SlipwayError) throw error;
    throw timeOut(server, timeoutMs, deadline);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    closing.removeEventListener("abort", onClose);
  }
}

function timeOut(server: string, timeoutMs: number, { tried, lastFailure }: Deadline): TimedOut {
  const within = `within ${formatDuration(timeoutMs)}`;
  return new TimedOut(
    lastFailure === undefined
      ? `Cannot ${tried} at ${server}: no answer ${within}`
      : `Cannot ${tried} at ${server}: no success ${within}; the last try: ${
        messageOf(lastFailure)
      }`,
    {
      remedy: remedyAfter(lastFailure),
      retryable: true,
      cause: lastFailure,
    },
  );
}

/** When the time of the whole run is up, the reader wants to know what it was spent on. */
function underWay(reason: unknown, server: string, { tried, lastFailure }: Deadline): unknown {
  if (!(reason instanceof TimedOut)) return reason;
  const found = lastFailure === undefined
    ? `no answer yet to: ${tried}, at ${server}`
    : messageOf(lastFailure);
  return new TimedOut(`${reason.message}: ${found}`, {
    remedy: `${remedyAfter(lastFailure)}, then run the same command again to go on from here`,
    retryable: true,
    cause: lastFailure,
  });
}

function remedyAfter(lastFailure: unknown): string {
  return lastFailure instanceof StatusError && lastFailure.status.code === 429
    ? "the API server is overloaded: see who keeps it busy (its audit log tells), or wait until its load falls"
    : "check that the API server answers, or allow more time";
}

/** A promise that others share, given up for this caller alone when the signal is aborted. */
export function abortable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    shared.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
