import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { localAndUtc } from "../../core/local_time.ts";
import { parseDuration } from "../../core/units.ts";
import { runHere } from "../../local/run_program.ts";
import { hostJobs, usualJitter } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import { createSystemctl } from "../../systemd/systemctl.ts";
import { type TimerState, timerStates } from "../../systemd/timer_state.ts";
import { clusterFacts } from "./cluster_facts.ts";
import { unitOwner } from "./host_tasks.ts";
import { type ScheduleFacts, scheduleState } from "./state.ts";

/** States in which a schedule does what it is for, or was told not to. */
const fine = ["ready", "running", "waiting", "idle"];

/**
 * What is known of the schedules of all backup jobs: of CronJobs by the cluster, of timers by the systemd of this host.
 * On a host that has none of the platform's timers, nothing is known of them.
 */
export async function scheduleFacts(
  platform: Pick<Platform, "name" | "environment" | "backups">,
  client: Pick<ClusterClient, "get">,
  context: Context,
): Promise<ScheduleFacts[]> {
  return [
    ...await clusterFacts(platform, client, context),
    ...await hostFacts(platform, context),
  ];
}

/** Tell of the timers of this host alone. */
export async function tellHostSchedules(
  platform: Pick<Platform, "name" | "environment" | "backups">,
  context: Context,
): Promise<void> {
  tellSchedules(await hostFacts(platform, context), context);
}

/**
 * Tell of each backup job when it ran last, when it runs next, and how many runs were missed.
 *
 * @returns whether none of them is in need of somebody
 */
export function tellSchedules(
  facts: readonly ScheduleFacts[],
  { now, emit }: Pick<Context, "now" | "emit">,
): boolean {
  if (facts.length === 0) return true;
  const at = now();
  const rows = facts.map((each) => ({ each, ...scheduleState(each, at) }));
  const shown = (time: Temporal.Instant | undefined) =>
    time === undefined ? "never" : localAndUtc(time);
  emit({
    type: "table",
    title: "Schedules of backups, each cron line in UTC",
    columns: ["Job", "Runs on", "Schedule", "Last run", "Next run", "Missed", "State", "Because"],
    rows: rows.map(({ each, nextRun, missed, state, because }) => [
      each.job,
      each.runsOn,
      each.schedule,
      shown(each.lastRun),
      shown(nextRun),
      String(missed),
      state,
      because,
    ]),
  });
  // Whoever looks from elsewhere than the host cannot know of its timers.
  return rows.every(({ each, state }) =>
    fine.includes(state) || (each.runsOn === "host" && state === "absent")
  );
}

async function hostFacts(
  platform: Pick<Platform, "name" | "environment" | "backups">,
  context: Context,
): Promise<ScheduleFacts[]> {
  const jobs = Object.entries(hostJobs(platform.backups));
  if (jobs.length === 0) return [];
  const owner = unitOwner(platform);
  const states = await statesHere(jobs.map(([name]) => ({ owner, name })), context);
  return jobs.map(([job, { schedule, jitter }], at) => {
    const { timer, failure, running = false, ...times } = states?.[at] ?? { timer: "absent" };
    return {
      job,
      runsOn: "host",
      schedule,
      ...times,
      ...timer === "waiting" ? {} : { idle: timer },
      ...failure === undefined ? {} : { failure },
      running,
      toleranceSeconds: parseDuration(jitter ?? usualJitter) / 1_000 + lateSeconds,
    };
  });
}

/** Timers are exact to a second, but a host that is busy starts services late. */
const lateSeconds = 60;

/** The timers of this host; undefined where no systemd runs. */
async function statesHere(
  tasks: readonly { owner: string; name: string }[],
  context: Context,
): Promise<Partial<TimerState>[] | undefined> {
  try {
    return await timerStates(createSystemctl(runHere(context), context.signal), tasks);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
