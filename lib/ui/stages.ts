import type { SlipwayEvent, StageEvent } from "../core/events.ts";

/** A stage that goes on. */
export interface RunningStage {
  /** What is being done. */
  stage: string;
  /** When it started, in milliseconds of the renderer's clock. */
  startedMs: number;
  /** What it does just now. */
  detail?: string;
  /** How many steps are done. */
  done?: number;
  /** How many steps there are. */
  total?: number;
}

/** A stage that ended. */
export interface EndedStage {
  /** What was done. */
  stage: string;
  /** How it ended; `stopped` when the run ended before the stage did. */
  state: "done" | "failed" | "skipped" | "stopped";
  /** What it did, or why it ended so. */
  detail?: string;
  /** How long it took, in milliseconds. */
  durationMs?: number;
}

/** Keeps track of the stages that go on and of what they wait for. */
export interface Stages {
  /** Take an event in; a stage that it ended is returned. */
  take(event: SlipwayEvent, nowMs: number): EndedStage | undefined;
  /** The stages that go on, oldest first, each with what it does or waits for. */
  running(): RunningStage[];
  /** End all stages that go on, because the run is over. */
  stop(nowMs: number): EndedStage[];
}

/** Make an empty {@linkcode Stages}. */
export function createStages(): Stages {
  const running = new Map<string, RunningStage>();
  const waiting = new Map<string, string>();

  const takeStage = (event: StageEvent, nowMs: number): EndedStage | undefined => {
    const known = running.get(event.stage);
    if (event.state === "started" || event.state === "progress") {
      running.set(event.stage, {
        startedMs: nowMs,
        ...known,
        stage: event.stage,
        detail: event.detail,
        done: event.done ?? known?.done,
        total: event.total ?? known?.total,
      });
      return undefined;
    }
    running.delete(event.stage);
    if (running.size === 0) waiting.clear();
    return {
      stage: event.stage,
      state: event.state,
      detail: event.detail,
      durationMs: event.durationMs ??
        (known === undefined ? undefined : nowMs - known.startedMs),
    };
  };

  return {
    take(event, nowMs) {
      if (event.type === "stage") return takeStage(event, nowMs);
      if (event.type === "wait") {
        if (event.state === "waiting") waiting.set(event.subject, event.because);
        else waiting.delete(event.subject);
      }
      return undefined;
    },
    running() {
      const stages = [...running.values()];
      const last = stages.at(-1);
      const waitsFor = waitingLine(waiting);
      return last === undefined || waitsFor === undefined
        ? stages
        : [...stages.slice(0, -1), { ...last, detail: waitsFor }];
    },
    stop(nowMs) {
      const ended = [...running.values()].map(({ stage, startedMs }): EndedStage => ({
        stage,
        state: "stopped",
        durationMs: nowMs - startedMs,
      }));
      running.clear();
      return ended;
    },
  };
}

/** What is waited for in one line: the first subject with its cause, and how many others. */
function waitingLine(waiting: ReadonlyMap<string, string>): string | undefined {
  for (const [subject, because] of waiting) {
    const others = waiting.size === 1 ? "" : `, and ${waiting.size - 1} more`;
    return `${subject}: ${because}${others}`;
  }
  return undefined;
}

/** Steps from which on nobody counts: they are bytes, which the detail has in units that people read. */
const uncountable = 10_000;

/** How much of very many steps is done, as `51 %`; undefined where their number says more. */
export function shareOf(done: number, total: number): string | undefined {
  return total < uncountable ? undefined : `${Math.floor((done / total) * 100)} %`;
}
