import type { Manifest } from "../../../lib/core/object.ts";
import { workloadLabels } from "../../../lib/platform/ends.ts";
import type { Workload } from "../../../lib/platform/types.ts";
import { kindOf } from "../../../lib/platform/workloads.ts";
import { define } from "../manifest.ts";
import type { HorizontalPodAutoscaler, PodDisruptionBudget } from "../types.ts";

/** The HorizontalPodAutoscaler of a workload that scales by load. @ignore */
export function autoscaler(name: string, options: Workload): Manifest[] {
  const { autoscaling, namespace } = options;
  if (autoscaling === undefined) return [];
  const { minReplicas, maxReplicas, cpuUtilizationPercent, memoryUtilizationPercent } = autoscaling;
  return [define<HorizontalPodAutoscaler>({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: kindOf(options), name },
      minReplicas,
      maxReplicas,
      metrics: [
        ...utilization("cpu", cpuUtilizationPercent),
        ...utilization("memory", memoryUtilizationPercent),
      ],
    },
  })];
}

function utilization(
  name: "cpu" | "memory",
  averageUtilization: number | undefined,
): NonNullable<NonNullable<HorizontalPodAutoscaler["spec"]>["metrics"]> {
  return averageUtilization === undefined ? [] : [{
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
  }];
}

/** The PodDisruptionBudget of a workload that has one. @ignore */
export function disruptionBudget(name: string, options: Workload): Manifest[] {
  if (options.disruptionBudget === undefined) return [];
  const { maxUnavailable, minAvailable } = options.disruptionBudget;
  return [define<PodDisruptionBudget>({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: options.namespace },
    spec: {
      maxUnavailable,
      minAvailable,
      selector: { matchLabels: workloadLabels(name, options) },
      // Pods that are broken anyway must not keep a node from being drained.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  })];
}
