import type { Manifest } from "../../../lib/core/object.ts";
import { type MonitoringPart } from "../../../lib/platform/monitoring.ts";
import type { Workload } from "../../../lib/platform/types.ts";
import { configMap } from "../workload/config_map.ts";
import { workload } from "../workload/workload.ts";

/** What a part needs to say of its workload besides what its place and ports say. */
export type ProgramOptions =
  & Pick<Workload, "image" | "resources">
  & Partial<Workload>;

/** The workload of a part of the monitoring, and its Service. */
export function program(part: MonitoringPart, options: ProgramOptions): Manifest[] {
  return workload(part.name, {
    namespace: part.namespace,
    ports: part.ports,
    services: Object.keys(part.servicePorts).length === 0
      ? {}
      : { [part.name]: { ports: part.servicePorts } },
    ...options,
  });
}

/** A ConfigMap with the configuration of a part. JSON is YAML too, and needs no writer of its own. */
export function configuration(
  part: Pick<MonitoringPart, "name" | "namespace">,
  files: Readonly<Record<string, unknown>>,
): Manifest[] {
  return configMap(part.name, {
    namespace: part.namespace,
    data: Object.fromEntries(
      Object.entries(files).map(([file, content]) => [
        file,
        typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`,
      ]),
    ),
  });
}
