import type { Manifest } from "../../../lib/core/object.ts";
import { workloadLabels } from "../../../lib/platform/ends.ts";
import type { Workload, WorkloadService } from "../../../lib/platform/types.ts";
import { metricsService, podPorts, portOf, servicesOf } from "../../../lib/platform/workloads.ts";
import { define } from "../manifest.ts";
import type { Service } from "../types.ts";

/** The Services of a workload. @ignore */
export function services(name: string, options: Workload): Manifest[] {
  return servicesOf(name, options).map(([service, spec]) =>
    serviceOf(name, service, spec, options)
  );
}

function serviceOf(
  name: string,
  service: string,
  spec: WorkloadService,
  options: Workload,
): Manifest {
  const labels = workloadLabels(name, options);
  const containerPorts = podPorts(options);
  const ports = Object.entries(spec.ports);
  return define<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: service,
      namespace: options.namespace,
      labels: metricsService(options) === service ? { ...labels } : undefined,
      annotations: spec.annotations && { ...spec.annotations },
    },
    spec: {
      type: spec.type ?? "ClusterIP",
      clusterIP: spec.headless === true ? "None" : undefined,
      publishNotReadyAddresses: spec.publishNotReady,
      externalTrafficPolicy: spec.externalTrafficPolicy,
      sessionAffinity: spec.sessionAffinity,
      selector: labels,
      ports: ports.length === 0 ? undefined : ports.map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: port,
        protocol: portOf(containerPorts[port] ?? number).protocol,
      })),
    },
  });
}
