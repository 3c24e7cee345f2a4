import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { conditionOf, numberAt } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/** A ReplicaSet is ready when it has exactly the wanted replicas and all are available. Source: k8s.io/api, apps/v1 ReplicaSetStatus. */
export function replicaSetReady(replicaSet: KubeObject): Verdict {
  const wanted = numberAt(replicaSet, "spec", "replicas") ?? 1;
  const total = numberAt(replicaSet, "status", "replicas") ?? 0;
  const available = numberAt(replicaSet, "status", "availableReplicas") ?? 0;
  if (available < wanted) {
    const failure = conditionOf(replicaSet, "ReplicaFailure");
    return failure?.status === "True"
      ? failing(
        `${available}/${wanted} available: pods cannot be created: ${
          failure.message || failure.reason
        }`,
      )
      : waiting(`${available}/${wanted} available`);
  }
  if (total > wanted) {
    return waiting(`${counted(total - wanted, "surplus replica")} still to be removed`);
  }
  return ready(`${available}/${wanted} available`);
}
