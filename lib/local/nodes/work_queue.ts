import { messageOf } from "../../core/errors.ts";
import { backoffMs, sleepFor } from "../../core/retry.ts";

/** Work that is named by keys: a key that is added again while it waits is done once. */
export interface WorkQueue {
  /** Do the work for a key, after the work under way for the same key. */
  add(key: string): void;
  /** Settles when nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

/** How a {@linkcode WorkQueue} works. */
export interface WorkQueueOptions {
  /** Does the work for a key; when it throws, it is tried again after a while. */
  work: (key: string) => Promise<void>;
  /** Keys at a time. */
  limit: number;
  /** Told of each failure. */
  failed: (message: string) => void;
  /** Ends the work. */
  signal: AbortSignal;
  /** How to wait before another try. @default a timer that `signal` ends */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Make an empty {@linkcode WorkQueue}. */
export function createWorkQueue(
  { work, limit, failed, signal, sleep = sleepFor }: WorkQueueOptions,
): WorkQueue {
  const waiting = new Set<string>();
  const underWay = new Set<string>();
  const failures = new Map<string, number>();
  let pauses = 0;
  let whenIdle: (() => void)[] = [];

  const settle = () => {
    if (waiting.size + underWay.size + pauses > 0) return;
    for (const resolve of whenIdle) resolve();
    whenIdle = [];
  };
  const start = () => {
    for (const key of waiting) {
      if (signal.aborted || underWay.size >= limit) return;
      if (underWay.has(key)) continue;
      waiting.delete(key);
      underWay.add(key);
      void run(key);
    }
  };
  const run = async (key: string) => {
    try {
      await work(key);
      failures.delete(key);
    } catch (error) {
      if (!signal.aborted) void again(key, error);
    }
    underWay.delete(key);
    start();
    settle();
  };
  const again = async (key: string, error: unknown) => {
    const attempt = (failures.get(key) ?? 0) + 1;
    failures.set(key, attempt);
    failed(messageOf(error));
    pauses++;
    await sleep(backoffMs(attempt), signal).catch(() => {});
    pauses--;
    if (!signal.aborted) waiting.add(key);
    start();
    settle();
  };

  return {
    add(key) {
      if (signal.aborted) return;
      waiting.add(key);
      start();
    },
    idle() {
      return new Promise((resolve) => {
        whenIdle.push(resolve);
        settle();
      });
    },
  };
}
