import type { ClusterClient } from "../../core/cluster.ts";
import type { KubeObject } from "../../core/object.ts";
import { clusterJobs, startingDeadlineSeconds } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { ScheduleFacts } from "./state.ts";

/** A CronJob, as far as its state is told. Source: Kubernetes API, batch/v1 CronJob. */
export interface LiveCronJob extends KubeObject {
  /** When it runs, and whether it may. */
  spec?: { schedule?: string; suspend?: boolean };
  /** How its last runs went. */
  status?: { lastScheduleTime?: string; lastSuccessfulTime?: string; active?: unknown[] };
}

/** What a cluster knows of the platform's CronJobs. */
export async function clusterFacts(
  { backups }: Pick<Platform, "backups">,
  client: Pick<ClusterClient, "get">,
  { signal }: { signal: AbortSignal },
): Promise<ScheduleFacts[]> {
  return await Promise.all(
    Object.entries(clusterJobs(backups)).map(async ([job, { namespace, schedule }]) => {
      const ref = { apiVersion: "batch/v1", kind: "CronJob", namespace, name: job };
      const live = await client.get<LiveCronJob>(ref, { signal });
      return cronJobFacts({ job, schedule }, live);
    }),
  );
}

/** What a CronJob tells of its runs. Its controller says when the last one ended well, and not that one failed. */
export function cronJobFacts(
  declared: { job: string; schedule: string },
  live: LiveCronJob | undefined,
): ScheduleFacts {
  const base = {
    job: declared.job,
    runsOn: "cluster" as const,
    schedule: live?.spec?.schedule ?? declared.schedule,
    toleranceSeconds: startingDeadlineSeconds,
  };
  if (live === undefined) return { ...base, idle: "absent", running: false };
  const { lastScheduleTime, lastSuccessfulTime, active = [] } = live.status ?? {};
  const lastRun = instant(lastScheduleTime);
  const succeeded = instant(lastSuccessfulTime);
  const since = instant(live.metadata.creationTimestamp);
  const failed = active.length === 0 && lastRun !== undefined &&
    (succeeded === undefined || Temporal.Instant.compare(succeeded, lastRun) < 0);
  return {
    ...base,
    ...live.spec?.suspend ? { idle: "suspended" as const } : {},
    ...since === undefined ? {} : { since },
    ...lastRun === undefined ? {} : { lastRun },
    ...failed ? { failure: "its Job did not complete" } : {},
    running: active.length > 0,
  };
}

function instant(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}
