import type { KubeObject } from "../../core/object.ts";
import { conditionOf, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * An ExternalSecret is ready when its Secret was written from the present generation; `syncedResourceVersion` begins
 * with the generation that was synced. Source: External Secrets Operator, apis/externalsecrets/v1.
 */
export function externalSecretReady(externalSecret: KubeObject): Verdict {
  const condition = conditionOf(externalSecret, "Ready");
  if (condition === undefined) return waiting("not seen by External Secrets yet");
  if (condition.status === "False") return failing(`is not synced: ${wordsOf(condition)}`);
  if (condition.status !== "True") return waiting(wordsOf(condition));
  const version = textAt(externalSecret, "status", "syncedResourceVersion");
  const synced = Number(/^(\d+)-/.exec(version ?? "")?.[1] ?? NaN);
  const generation = externalSecret.metadata?.generation;
  if (typeof generation === "number" && synced < generation) {
    return waiting(`generation ${generation} is not synced yet`);
  }
  return ready(wordsOf(condition));
}
