import type { KubeObject } from "../../core/object.ts";
import { type Condition, conditionOf, wordsOf } from "./fields.ts";
import { failed, failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * What the API conventions let one read of any object: `Stalled` and `Reconciling`, then `Ready`, then `Available`.
 * An object that has none of them is ready as it stands.
 * Source: the API conventions' "Typical status properties", and kstatus, which gave the abnormal conditions their names.
 */
export function conventionalReady(object: KubeObject): Verdict {
  const stalled = conditionOf(object, "Stalled");
  if (stalled?.status === "True") return failed(`is stalled: ${wordsOf(stalled)}`);
  const reconciling = conditionOf(object, "Reconciling");
  if (reconciling?.status === "True") return waiting(wordsOf(reconciling));
  const condition = conditionOf(object, "Ready") ?? conditionOf(object, "Available");
  if (condition === undefined) return ready("exists");
  return isOutdated(condition, object)
    ? waiting(`${condition.type} still speaks of generation ${condition.observedGeneration}`)
    : condition.status === "True"
    ? ready(condition.reason || condition.type)
    : waiting(`is not ${condition.type}: ${wordsOf(condition)}`);
}

/**
 * For kinds whose controllers write `Ready` as soon as they have looked, and `False` only when something is wrong:
 * issuers of cert-manager and stores of External Secrets. Without the condition nobody has looked yet.
 */
export function announcedReady(object: KubeObject): Verdict {
  const condition = conditionOf(object, "Ready");
  if (condition === undefined) return waiting("not seen by its controller yet");
  if (isOutdated(condition, object)) {
    return waiting(`Ready still speaks of generation ${condition.observedGeneration}`);
  }
  if (condition.status === "True") return ready(condition.reason || "Ready");
  return condition.status === "False"
    ? failing(`is not ready: ${wordsOf(condition)}`)
    : waiting(wordsOf(condition));
}

function isOutdated(condition: Condition, object: KubeObject): boolean {
  const generation = object.metadata?.generation;
  return typeof generation === "number" &&
    (condition.observedGeneration ?? generation) < generation;
}
