import type { KubeObject } from "../../core/object.ts";
import { conditionOf, numberAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A HorizontalPodAutoscaler is ready when its target holds at least the least replicas. Missing metrics are named but
 * do not block: the least number is held without them.
 * Source: k8s.io/api, autoscaling/v2 HorizontalPodAutoscalerConditionType.
 */
export function autoscalerReady(autoscaler: KubeObject): Verdict {
  const able = conditionOf(autoscaler, "AbleToScale");
  if (able?.status === "False") return failing(`cannot scale its target: ${wordsOf(able)}`);
  const active = conditionOf(autoscaler, "ScalingActive");
  if (active?.status === "False" && active.reason === "ScalingDisabled") {
    return ready("rests: its target wants no replicas");
  }
  const least = numberAt(autoscaler, "spec", "minReplicas") ?? 1;
  const most = numberAt(autoscaler, "spec", "maxReplicas");
  const current = numberAt(autoscaler, "status", "currentReplicas") ?? 0;
  if (current < least) return waiting(`${current} of at least ${least} replicas`);
  const range = `${current} replicas, within ${least} to ${most ?? "any number"}`;
  return ready(
    active?.status === "False" ? `${range}; does not scale for now: ${wordsOf(active)}` : range,
  );
}
