import type { Manifest } from "../../../lib/core/object.ts";
import type {
  ConfigMapOptions,
  PodStorage,
  Spread,
  VolumeClaim,
  Workload,
} from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { configMap } from "../workload/config_map.ts";
import { workload } from "../workload/workload.ts";

/** What a data store is put together from, by name. */
export interface DataParts {
  /** Programs. */
  workloads: Record<string, Workload>;
  /** Texts that they read. */
  configMaps?: Record<string, ConfigMapOptions>;
  /** Objects of other kinds. */
  others?: Manifest[];
}

/** All objects of a data store. */
export function objectsOf({ workloads, configMaps = {}, others = [] }: DataParts): Manifest[] {
  return [...each(configMaps, configMap), ...each(workloads, workload), ...others];
}

/** Servers of one store never share a node, and are spread over zones where there are any. */
export const apart: Spread = {
  antiAffinity: "required",
  topology: { key: "zone", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
};

/** What keeps several servers apart and lets one of them at a time be missing; a single one has no need of it. */
export function several(
  count: number,
  spread: Spread | undefined,
): Pick<Workload, "spread" | "disruptionBudget"> {
  return count < 2 ? {} : { spread: spread ?? apart, disruptionBudget: { maxUnavailable: 1 } };
}

/** The volume of each pod. */
export function claim({ storageClass, size }: PodStorage): VolumeClaim {
  return { storageClass, size };
}

/** An exporter answers requests as long as it listens; a server that it cannot ask is not its own failure. */
export const exporterProbes = {
  liveness: { tcp: true, timeoutSeconds: 3, failureThreshold: 6 },
  readiness: { tcp: true, timeoutSeconds: 3 },
} as const;

/** What a container needs that copies a file and ends. */
export const copyResources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};
