import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { workload } from "./workload.ts";

/** Objects that run a platform's own programs. */
export function workloadObjects(platform: Platform): Manifest[] {
  return each(platform.workloads, workload);
}
