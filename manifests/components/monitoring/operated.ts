import type { Manifest } from "../../../lib/core/object.ts";
import type { MonitoringPart } from "../../../lib/platform/monitoring.ts";
import { define } from "../manifest.ts";
import type { PodDisruptionBudget, Service } from "../types.ts";

/**
 * A Service in front of pods that the operator makes. The operator's own is headless: people who ask one
 * replica and then another would see figures jump.
 */
export function service(part: MonitoringPart, replicas: number): Manifest {
  return define<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: part.name, namespace: part.namespace },
    spec: {
      type: "ClusterIP",
      selector: part.podLabels,
      sessionAffinity: replicas > 1 ? "ClientIP" : undefined,
      ports: Object.entries(part.servicePorts).map(([name, port]) => ({
        name,
        port,
        targetPort: name,
        protocol: "TCP",
      })),
    },
  });
}

/** Keeps all but one of several pods while nodes are drained. */
export function disruptionBudget(part: MonitoringPart, replicas: number): Manifest[] {
  if (replicas < 2) return [];
  return [define<PodDisruptionBudget>({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: part.name, namespace: part.namespace },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: part.podLabels },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  })];
}
