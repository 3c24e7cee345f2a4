import type { KubeObject } from "../../core/object.ts";
import { conditionOf, numberAt } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/** A PodDisruptionBudget is ready when as many pods are healthy as it asks for. Source: k8s.io/api, policy/v1 PodDisruptionBudgetStatus. */
export function disruptionBudgetReady(budget: KubeObject): Verdict {
  const allowed = conditionOf(budget, "DisruptionAllowed");
  if (allowed?.status === "False" && allowed.reason === "SyncFailed") {
    return failing(`cannot count its pods: ${allowed.message || allowed.reason}`);
  }
  const desired = numberAt(budget, "status", "desiredHealthy");
  const current = numberAt(budget, "status", "currentHealthy") ?? 0;
  if (desired === undefined) return waiting("its controller has not counted the pods yet");
  if (numberAt(budget, "status", "expectedPods") === 0) return ready("covers no pods");
  if (current < desired) return waiting(`${current} of ${desired} wanted pods are healthy`);
  const spare = numberAt(budget, "status", "disruptionsAllowed") ?? current - desired;
  return ready(`${current} healthy pods, of which ${spare} may be disrupted`);
}
