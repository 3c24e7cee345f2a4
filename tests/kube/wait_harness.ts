import type { WaitEvent } from "../../lib/core/events.ts";
import { type KubeObject, type ObjectRef, refOf, subjectOf } from "../../lib/core/object.ts";
import { waitUntilReady } from "../../lib/kube/wait/wait.ts";
import type { WaitOptions } from "../../lib/kube/wait/look.ts";
import type { WaitResult } from "../../lib/kube/wait/result.ts";
import type { FakeClient } from "./fake_client.ts";

/** The moment at which the clocks of these tests start. */
export const startOfTime = Temporal.Instant.from("2026-01-01T00:00:00Z");

/** A clock that stands still until it is told. */
export interface ManualClock {
  /** The time now. */
  now: () => Temporal.Instant;
  /** Waits until the clock has been moved past a time. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Move the clock on. */
  advance(ms: number): void;
  /** Resolves when somebody sleeps for at most so long. */
  asleep(ms: number): Promise<void>;
}

/** Make a {@linkcode ManualClock}. */
export function manualClock(): ManualClock {
  let nowMs = startOfTime.epochMilliseconds;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const onlookers = new Set<{ ms: number; tell: () => void }>();
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        }, { once: true });
        for (const onlooker of onlookers) {
          if (ms <= onlooker.ms) {
            onlookers.delete(onlooker);
            onlooker.tell();
          }
        }
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until <= nowMs) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
      }
    },
    asleep: (ms) =>
      new Promise((resolve) => {
        if ([...sleepers].some(({ until }) => until - nowMs <= ms)) resolve();
        else onlookers.add({ ms, tell: resolve });
      }),
  };
}

/** A wait under way. */
export interface RunningWait {
  /** How it ends. */
  result: Promise<WaitResult>;
  /** Its events so far, as `state subject: because`. */
  told: string[];
  /** Resolves when an event matches that did not before. */
  until(pattern: RegExp): Promise<void>;
  /** Its clock. */
  clock: ManualClock;
}

/** Start a wait for objects, on a clock of its own. */
export function startWait(
  client: FakeClient,
  objects: readonly (KubeObject | ObjectRef)[],
  options: Partial<WaitOptions> = {},
): RunningWait {
  const clock = manualClock();
  const told: string[] = [];
  const listeners = new Set<() => void>();
  const refs = objects.map((object) =>
    "metadata" in object ? refOf(object as KubeObject) : object as ObjectRef
  );
  const result = waitUntilReady(client, refs, {
    timeoutMs: 300_000,
    now: clock.now,
    sleep: clock.sleep,
    ...options,
    emit: (event) => {
      const { state, subject, because } = event as WaitEvent;
      told.push(`${state} ${subject}: ${because}`);
      for (const listener of listeners) listener();
    },
  });
  return {
    result,
    told,
    clock,
    until: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          if (!told.some((line) => pattern.test(line))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

/** How a wait ended, as text: its outcome and each object's line. */
export function textOf({ outcome, objects }: WaitResult): string[] {
  return [
    outcome,
    ...objects.map(({ ref, state, because }) => `${state} ${subjectOf(ref)}: ${because}`),
  ];
}
