import { ExitCode, Interrupted, TimedOut } from "../../lib/core/errors.ts";
import { formatDuration } from "../../lib/core/units.ts";

/** A Ctrl-C under `deno task` arrives twice: from the terminal, and passed on by `deno task`. */
const sameKeyPressMs = 1_000;

/** How long a run that timed out may take to end by itself. */
const graceMs = 30_000;

/** What can end a run early. */
export interface InterruptionOptions {
  /** Deadline in milliseconds; none when absent. */
  timeoutMs?: number;
  /** Call the listener at each interrupt; the returned function ends that. */
  onInterrupt: (listener: () => void) => () => void;
  /** Milliseconds of a clock of which only differences count. */
  nowMs: () => number;
  /** Tell the user that the first interrupt was understood. */
  announce: () => void;
  /** End the process now. */
  force: (code: ExitCode) => void;
}

/** Something that can end a run early. */
export interface Interruption {
  /** Aborted with {@linkcode Interrupted} or {@linkcode TimedOut}. */
  signal: AbortSignal;
  /** Stop listening. */
  close: () => void;
}

/**
 * Interrupts and the deadline as one signal. The first interrupt lets the run end in order;
 * another one, later than the same key press could bring it, forces the end.
 */
export function createInterruption(options: InterruptionOptions): Interruption {
  const controller = new AbortController();
  const timers: ReturnType<typeof setTimeout>[] = [];
  let firstMs: number | undefined;

  const ignore = options.onInterrupt(() => {
    const nowMs = options.nowMs();
    if (firstMs === undefined) {
      firstMs = nowMs;
      options.announce();
      controller.abort(new Interrupted());
    } else if (nowMs - firstMs >= sameKeyPressMs) {
      options.force(ExitCode.interrupted);
    }
  });
  if (options.timeoutMs !== undefined) {
    const { timeoutMs } = options;
    timers.push(setTimeout(() => {
      controller.abort(
        new TimedOut(`Not done after ${formatDuration(timeoutMs)}, the time that --timeout gives`, {
          remedy: "run the same command again to go on from here, or give it more time",
        }),
      );
      timers.push(setTimeout(() => options.force(ExitCode.timedOut), graceMs));
    }, timeoutMs));
  }

  return {
    signal: controller.signal,
    close() {
      ignore();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
