import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { configMap } from "./config_map.ts";
import { cronJob } from "./cron_job.ts";
import { workload } from "./workload.ts";

/** Objects that run a platform's own programs. */
export function workloadObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.configMaps, configMap),
    ...each(platform.workloads, workload),
    ...each(platform.cronJobs, cronJob),
  ];
}
