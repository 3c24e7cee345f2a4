import { nextRun, parseCron, runsBetween } from "../../core/cron.ts";

/** What is known of a job's schedule, wherever it runs. */
export interface ScheduleFacts {
  /** Name of the job. */
  job: string;
  /** Where it runs. */
  runsOn: "cluster" | "host";
  /** When it runs, as a cron line in UTC. */
  schedule: string;
  /** Whether what starts it is there and may do so; otherwise why not. */
  idle?: "absent" | "disabled" | "suspended";
  /** Since when it is there; runs before it are none of its own. */
  since?: Temporal.Instant;
  /** When the last run started. */
  lastRun?: Temporal.Instant;
  /** When the next run starts, where that is known more exactly than by the schedule. */
  nextRun?: Temporal.Instant;
  /** Whether a run goes on now. */
  running: boolean;
  /** Why the last run failed; absent where it did not, or nobody knows. */
  failure?: string;
  /** How much later than its schedule a run may start before it is missed, in seconds. */
  toleranceSeconds: number;
}

/** How a job's schedule stands. */
export interface ScheduleState {
  /** What it is: `idle` is not to run by decision, and no fault. */
  state: "ready" | "running" | "waiting" | "failed" | "missed" | "idle" | "absent";
  /** Why, in one line. */
  because: string;
  /** When the next run starts; absent where none will. */
  nextRun?: Temporal.Instant;
  /** How many runs should have started since the last one, and did not; at most 1000 are counted. */
  missed: number;
}

/** How a job's schedule stands. A run that is due and not later than what is tolerated is not missed yet. */
export function scheduleState(facts: ScheduleFacts, now: Temporal.Instant): ScheduleState {
  const { idle, since, lastRun, running, failure, toleranceSeconds } = facts;
  if (idle === "absent") return { state: "absent", because: absence[facts.runsOn], missed: 0 };
  if (idle !== undefined) {
    return { state: idle === "suspended" ? "idle" : "absent", because: `it is ${idle}`, missed: 0 };
  }
  const cron = parseCron(facts.schedule);
  const next = facts.nextRun ?? nextRun(cron, now);
  const from = latest(lastRun, since);
  const missed = from === undefined
    ? 0
    : runsBetween(cron, from, now.subtract({ seconds: toleranceSeconds })).length;
  const base = { missed, ...next === undefined ? {} : { nextRun: next } };
  if (running) return { ...base, state: "running", because: "a run goes on" };
  if (missed > 0) {
    return {
      ...base,
      state: "missed",
      because: missed === 1 ? "a run did not start" : `${missed} runs did not start`,
    };
  }
  if (failure !== undefined) {
    return { ...base, state: "failed", because: `the last run failed: ${failure}` };
  }
  return lastRun === undefined
    ? { ...base, state: "waiting", because: "no run was due yet" }
    : { ...base, state: "ready", because: "the last run ended well" };
}

const absence = {
  cluster: "the cluster has no such CronJob; the apply task makes it",
  host: "this host has no such timer; schedule-backups --systemd makes it",
} as const;

function latest(
  a: Temporal.Instant | undefined,
  b: Temporal.Instant | undefined,
): Temporal.Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Temporal.Instant.compare(a, b) > 0 ? a : b;
}
