import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { numberAt, textAt } from "./fields.ts";
import { ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A DaemonSet is ready when every node that should run it has an available pod of the newest template.
 * With `OnDelete` the template does not count. Source: k8s.io/api, apps/v1 DaemonSetStatus.
 */
export function daemonSetReady(daemonSet: KubeObject): Verdict {
  const count = (field: string) => numberAt(daemonSet, "status", field) ?? 0;
  const wanted = numberAt(daemonSet, "status", "desiredNumberScheduled");
  if (wanted === undefined) return waiting("its controller has not counted the nodes yet");
  if (wanted === 0) return ready("no node asks for it");
  const onDelete = textAt(daemonSet, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = count("updatedNumberScheduled");
  if (count("numberReady") < wanted && (onDelete || updated >= wanted)) {
    return waiting(`${count("numberReady")}/${wanted} ready`);
  }
  if (!onDelete && updated < wanted) return waiting(`${updated}/${wanted} updated`);
  if (count("numberAvailable") < wanted) {
    return waiting(`${count("numberAvailable")}/${wanted} available`);
  }
  return ready(`ready on ${counted(wanted, "node")}`);
}
