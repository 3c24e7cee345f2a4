import type { Manifest } from "../core/object.ts";
import type { View } from "./view.ts";

/** How many pods there are. */
export interface PodCounts {
  /** Fewest. */
  least: number;
  /** Most; those of a rollout left aside. */
  most: number;
}

/** How many pods an object makes; undefined for a DaemonSet, which makes one a node, and for what nobody knows. */
export function countsOf(
  owner: Manifest,
  { made, ofKind }: Pick<View, "made" | "ofKind">,
): PodCounts | undefined {
  const operated = made.find((pods) => pods.owner === owner);
  if (operated !== undefined) return operated;
  const spec = (owner["spec"] ?? {}) as {
    replicas?: number;
    completions?: number;
    parallelism?: number;
  };
  switch (owner.kind) {
    case "Deployment":
    case "StatefulSet": {
      const autoscaler = ofKind("HorizontalPodAutoscaler").find((each) => scales(each, owner));
      const fixed = spec.replicas ?? 1;
      if (autoscaler === undefined) return { least: fixed, most: fixed };
      const { minReplicas = 1, maxReplicas } = autoscaler["spec"] as {
        minReplicas?: number;
        maxReplicas: number;
      };
      return { least: minReplicas, most: maxReplicas };
    }
    case "Pod":
      return { least: 1, most: 1 };
    case "Job":
      return { least: 0, most: spec.parallelism ?? 1 };
    case "CronJob":
      return { least: 0, most: 1 };
    default:
      return undefined;
  }
}

/** Whether an autoscaler decides on the replicas of an object. */
export function scales(autoscaler: Manifest, owner: Manifest): boolean {
  const { scaleTargetRef } = autoscaler["spec"] as {
    scaleTargetRef: { kind: string; name: string };
  };
  return autoscaler.metadata.namespace === owner.metadata.namespace &&
    scaleTargetRef.kind === owner.kind && scaleTargetRef.name === owner.metadata.name;
}
