import { type KubeObject, type ObjectRef } from "../../core/object.ts";
import { type Cause, type CauseKind, type GraceMs } from "../diagnose/cause.ts";
import { millisOf } from "../diagnose/events.ts";
import type { Verdict } from "../ready/verdict.ts";

/** What a wait has seen of one object so far. */
export interface Sighting {
  /** The object that is waited for. */
  readonly ref: ObjectRef;
  /** Its last known form. */
  object?: KubeObject;
  /** Since when, in milliseconds since the epoch, each kind of lasting trouble has been seen without a break. */
  trouble: ReadonlyMap<CauseKind | "mayHeal", number>;
}

/** What a wait concludes about one object. */
export interface Conclusion {
  /** Whether it is ready, on its way, or not going to be ready by itself. */
  state: "ready" | "waiting" | "failed";
  /** The lasting trouble as it is now, to be remembered in the {@linkcode Sighting}. */
  trouble: ReadonlyMap<CauseKind | "mayHeal", number>;
  /** When the conclusion changes though nothing happens, in milliseconds since the epoch. */
  dueMs: number;
}

// Clocks of servers differ a little, and a wait begins a little after the write that it waits for.
const skewMs = 30_000;

/**
 * Whether a wait should give up on an object: at once when its own verdict is final, else once a permanent cause has
 * lasted for its grace period.
 */
export function conclude(
  verdict: Verdict,
  causes: readonly Cause[],
  trouble: Sighting["trouble"],
  time: { nowMs: number; startedMs: number; graceMs: GraceMs },
): Conclusion {
  if (verdict.state === "ready") return { state: "ready", trouble: new Map(), dueMs: Infinity };
  if (verdict.state === "failed" && verdict.mayHeal !== true) {
    return { state: "failed", trouble, dueMs: Infinity };
  }
  const lasting = new Map<CauseKind | "mayHeal", number>();
  let dueMs = Infinity;
  const note = (kind: CauseKind | "mayHeal", grace: number) => {
    const since = trouble.get(kind) ?? time.nowMs;
    lasting.set(kind, since);
    dueMs = Math.min(dueMs, since + grace);
  };
  if (verdict.state === "failed") note("mayHeal", time.graceMs.mayHeal);
  for (const cause of causes) {
    if (!cause.permanent) continue;
    const stale = cause.at !== undefined && millisOf(cause.at) < time.startedMs - skewMs;
    note(cause.kind, Math.max(graceOf(cause.kind, time.graceMs), stale ? time.graceMs.stale : 0));
  }
  return dueMs <= time.nowMs
    ? { state: "failed", trouble: lasting, dueMs: Infinity }
    : { state: "waiting", trouble: lasting, dueMs };
}

/** A verdict and its weightiest causes in one line; what the verdict says already is not said again. */
export function inOneLine(because: string, causes: readonly Cause[], most = 3): string {
  const [first, ...others] = causes;
  // A claim's own cause says all that its verdict does, and more.
  if (first?.subject.kind === "PersistentVolumeClaim" && /^is \w+: /.test(because)) {
    return inOneLine(first.because.replace(/^claim \S+ /, ""), others, most);
  }
  const news = causes.map((cause) => cause.because)
    .filter((words) => !because.includes(uncounted(words)));
  const shown = news.slice(0, most);
  if (shown.length === 0) return because;
  const left = news.length - shown.length;
  return `${because}: ${shown.join("; ")}${left === 0 ? "" : `; and ${left} more`}`;
}

/** A line for while the wait goes on: one cause without counts, which would change with each pod that comes to it. */
export function inBrief(because: string, causes: readonly Cause[]): string {
  const telling = causes.find(({ kind }) => kind !== "starting");
  if (telling === undefined) return because;
  return inOneLine(because, [{ ...telling, because: uncounted(telling.because) }]);
}

function uncounted(because: string): string {
  return because.replace(/ \(and \d+ more alike\)$/, "");
}

function graceOf(kind: CauseKind, graceMs: GraceMs): number {
  return kind === "probe" || kind === "other" || kind === "starting" ? Infinity : graceMs[kind];
}
