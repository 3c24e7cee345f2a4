import type { KubeObject } from "../../core/object.ts";
import { conditionOf, numberAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A Prometheus or an Alertmanager is ready when its operator has reconciled it and all its pods are available;
 * `Degraded` is the operator's word for some. Source: prometheus-operator, pkg/apis/monitoring/v1 ConditionType.
 */
export function prometheusReady(object: KubeObject): Verdict {
  const generation = object.metadata?.generation ?? 0;
  const reconciled = conditionOf(object, "Reconciled");
  if (reconciled === undefined) return waiting("not seen by the Prometheus operator yet");
  if ((reconciled.observedGeneration ?? generation) < generation) {
    return waiting(`Reconciled still speaks of generation ${reconciled.observedGeneration}`);
  }
  if (reconciled.status === "False") {
    return failing(`cannot be reconciled: ${wordsOf(reconciled)}`);
  }
  const available = conditionOf(object, "Available");
  const count = numberAt(object, "status", "availableReplicas") ?? 0;
  const wanted = (numberAt(object, "spec", "replicas") ?? 1) *
    (numberAt(object, "spec", "shards") ?? 1);
  if (available?.status === "True" && count >= wanted) return ready(`${count}/${wanted} available`);
  return waiting(
    `${count}/${wanted} available${available === undefined ? "" : `: ${wordsOf(available)}`}`,
  );
}
