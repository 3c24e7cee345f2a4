import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { numberAt, textAt } from "./fields.ts";
import { ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A StatefulSet is ready when all wanted replicas are available and those above the partition are of its newest
 * revision. With `OnDelete` nothing is replaced until somebody deletes pods, so the revision does not count.
 * Its controller never writes conditions. Source: k8s.io/api, apps/v1 StatefulSetStatus.
 */
export function statefulSetReady(statefulSet: KubeObject): Verdict {
  const count = (field: string) => numberAt(statefulSet, "status", field) ?? 0;
  const wanted = numberAt(statefulSet, "spec", "replicas") ?? 1;
  const total = count("replicas");
  const readyCount = count("readyReplicas");
  if (readyCount < wanted) return waiting(`${readyCount}/${wanted} ready`);
  if (total > wanted) {
    return waiting(`${counted(total - wanted, "surplus replica")} still to be removed`);
  }
  const minReady = numberAt(statefulSet, "spec", "minReadySeconds") ?? 0;
  if (minReady > 0 && count("availableReplicas") < wanted) {
    return waiting(`${count("availableReplicas")}/${wanted} available`);
  }

  const updated = count("updatedReplicas");
  if (textAt(statefulSet, "spec", "updateStrategy", "type") === "OnDelete") {
    const old = wanted - updated;
    return ready(
      old > 0
        ? `${readyCount}/${wanted} ready; ${
          counted(old, "pod")
        } of an older revision until somebody deletes them (OnDelete)`
        : `${readyCount}/${wanted} ready`,
    );
  }
  const partition = numberAt(statefulSet, "spec", "updateStrategy", "rollingUpdate", "partition") ??
    0;
  const toUpdate = Math.max(0, wanted - partition);
  if (updated < toUpdate) return waiting(`${updated}/${toUpdate} updated`);
  if (partition > 0) {
    return ready(`${readyCount}/${wanted} ready, ${updated} updated (partition ${partition})`);
  }
  const current = textAt(statefulSet, "status", "currentRevision");
  const update = textAt(statefulSet, "status", "updateRevision");
  if (wanted > 0 && current !== update) {
    return waiting(`revision ${update} is not current yet`);
  }
  return ready(wanted === 0 ? "wants no replicas" : `${readyCount}/${wanted} ready`);
}
