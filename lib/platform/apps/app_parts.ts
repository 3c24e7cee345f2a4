import type { ConfigMapOptions, Workload } from "../types.ts";

/** What a ready-made program consists of, in the terms of the sections that anybody could write. */
export interface AppParts {
  /** Its workloads, by name. */
  workloads: Record<string, Workload>;
  /** Its ConfigMaps, by name. */
  configMaps: Record<string, ConfigMapOptions>;
}
