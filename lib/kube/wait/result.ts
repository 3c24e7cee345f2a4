import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { type ObjectRef, subjectOf } from "../../core/object.ts";
import { formatDuration } from "../../core/units.ts";
import type { Cause } from "../diagnose/cause.ts";

/** How the wait for one object ended. */
export interface WaitedObject {
  /** The object. */
  ref: ObjectRef;
  /** `ready` (or gone, when that was waited for), `admitted` when nobody here acts on it, else what was missing. */
  state: "ready" | "failed" | "waiting" | "admitted";
  /** Why, in one line, with the weightiest causes. */
  because: string;
  /** What stands in the way, the weightiest first. */
  causes: readonly Cause[];
}

/** How a wait ended. */
export interface WaitResult {
  /** What was waited for. */
  aim: "ready" | "gone";
  /** `done`: all of it came. `failed`: something will not come by itself. `timedOut`: time ran out. */
  outcome: "done" | "failed" | "timedOut";
  /** The objects, in the order in which they were named. */
  objects: readonly WaitedObject[];
  /** How long it took, in milliseconds. */
  durationMs: number;
}

const mostLines = 12;

/**
 * Throw what a wait found, unless all that was waited for came.
 *
 * @throws {SlipwayError} with exit code 1, naming each failed object and its cause, and what else was not ready
 * @throws {TimedOut} with exit code 4, naming each object that was not ready and its cause
 */
export function throwIfNotReady(result: WaitResult): void {
  if (result.outcome === "done") return;
  const failed = result.objects.filter(({ state }) => state === "failed");
  const waiting = result.objects.filter(({ state }) => state === "waiting");
  const remedy = remedyOf([...failed, ...waiting]);
  if (result.outcome === "timedOut") {
    const lines = [...failed, ...waiting].map(lineOf);
    throw new TimedOut(
      listed(
        `Gave up after ${formatDuration(result.durationMs)}`,
        lines,
        `${lines.length} of ${result.objects.length} objects are not ${result.aim}`,
      ),
      { remedy: remedy ?? "look at what holds it up, or wait longer with --timeout" },
    );
  }
  const lines = [...failed.map(lineOf), ...waiting.map((one) => `still waiting: ${lineOf(one)}`)];
  throw new SlipwayError(
    lines.length === 1
      ? lines[0]!
      : listed("", lines, `${failed.length} of ${result.objects.length} objects failed`),
    { remedy: remedy ?? "mend what the message names, and run the same command again" },
  );
}

function lineOf(object: WaitedObject): string {
  return `${subjectOf(object.ref)}: ${object.because}`;
}

function listed(before: string, lines: readonly string[], summary: string): string {
  const start = before === "" ? "" : `${before}: `;
  if (lines.length === 1) return `${start}${lines[0]}`;
  const shown = lines.slice(0, mostLines);
  const left = lines.length - shown.length;
  return [`${start}${summary}`, ...shown, ...(left === 0 ? [] : [`and ${left} more`])].join("\n  ");
}

function remedyOf(objects: readonly WaitedObject[]): string | undefined {
  const remedies = new Set(
    objects.flatMap(({ causes }) => causes.slice(0, 1)).flatMap(({ remedy }) => remedy ?? []),
  );
  return remedies.size === 0 ? undefined : [...remedies].slice(0, 2).join("; ");
}
