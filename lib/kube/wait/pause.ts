import { Interrupted, SlipwayError, TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import type { Observer } from "./observe.ts";

/** How long, and by which clock, to wait. */
export interface Pausing {
  /** Longest wait, in milliseconds. The first look at everything is always taken; with 0 it is the only one. */
  timeoutMs: number;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Ends the wait early. */
  signal?: AbortSignal;
  /** How to wait for a time in milliseconds. @default a timer */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const firstLookMs = 30_000;

/**
 * The moments at which a wait should look again, in milliseconds since the epoch: at the start, after each change,
 * and when something falls due. Ends when time is up, after one last look.
 *
 * @param due when the next thing falls due by itself, in milliseconds since the epoch
 * @param hasLooked whether everything has been looked at once
 * @throws {Interrupted} when `signal` is aborted other than by a deadline
 */
export async function* pauses(
  observer: Observer,
  options: Pausing,
  due: () => number,
  hasLooked: () => boolean,
): AsyncGenerator<number> {
  const nowMs = () => options.now().epochMilliseconds;
  const startedMs = nowMs();
  const endsAt = () =>
    startedMs + (hasLooked() ? options.timeoutMs : Math.max(options.timeoutMs, firstLookMs));
  const sleep = options.sleep ?? sleepFor;
  let changed = observer.changed();
  while (true) {
    if (options.signal?.aborted && !isDeadline(options.signal.reason)) {
      throw options.signal.reason instanceof SlipwayError
        ? options.signal.reason
        : new Interrupted(undefined, { cause: options.signal.reason });
    }
    const now = nowMs();
    yield now;
    if (now >= endsAt() || options.signal?.aborted) return;

    const nap = new AbortController();
    const napSignal = AbortSignal.any([nap.signal, ...(options.signal ? [options.signal] : [])]);
    const until = Math.min(endsAt(), due());
    const woken = await Promise.race([
      changed.then(() => true),
      // The nap's end by a signal is a reason to look, not an error.
      sleep(Math.max(0, until - now), napSignal).then(() => false, () => false),
    ]);
    nap.abort();
    if (woken) changed = observer.changed();
  }
}

function isDeadline(reason: unknown): boolean {
  return reason instanceof TimedOut ||
    reason instanceof DOMException && reason.name === "TimeoutError";
}
