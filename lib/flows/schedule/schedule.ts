import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { renderPlatform } from "../render/render.ts";
import { type ClusterScheduleRequest, scheduleOnCluster } from "./cluster.ts";
import { type HostRequest, scheduleOnHost } from "./host.ts";
import { tellFailure } from "./tell_failure.ts";

/** What is to be scheduled, and where. */
export interface ScheduleRequest extends HostRequest, ClusterScheduleRequest {
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** On this host, by timers of systemd. @default on the cluster, as CronJobs */
  systemd?: boolean;
  /** Tell that a run of this job failed on this host; units do so. */
  tellFailure?: string;
}

/** Options that only timers have. */
const hostOptions = ["folder", "credentials", "user", "denoDir", "remove"] as const;

/**
 * Install a platform's backup jobs: its CronJobs on the cluster, or its timers on this host. Run again, it finds
 * nothing to do.
 *
 * @throws {UsageError} when there is no such platform, or no job of that place
 */
export async function scheduleBackups(request: ScheduleRequest, context: Context): Promise<void> {
  const rendered = await renderPlatform(request, context);
  const { platform } = rendered;
  if (request.tellFailure !== undefined) {
    return await tellFailure(platform, request.tellFailure, context);
  }
  if (request.systemd) return await scheduleOnHost(platform, request, context);
  const [misplaced] = hostOptions.filter((name) => request[name] !== undefined);
  if (misplaced !== undefined) {
    throw new UsageError(
      `Cannot use --${
        misplaced === "denoDir" ? "deno-dir" : misplaced
      } for CronJobs: it is for timers`,
      { remedy: "add --systemd" },
    );
  }
  await scheduleOnCluster(rendered, request, context);
}
