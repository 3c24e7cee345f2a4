import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { conditionOf, listAt, oneLine, textAt, wordsOf } from "./fields.ts";
import { failed, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A Pod is ready when its Ready condition is true, or when it has succeeded.
 * Crash loops and the like are the diagnosis' matter. Source: k8s.io/api, core/v1 PodPhase.
 */
export function podReady(pod: KubeObject): Verdict {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded") return ready("succeeded");
  if (phase === "Failed") {
    const reason = textAt(pod, "status", "reason") ?? "";
    const message = oneLine(textAt(pod, "status", "message") ?? "");
    return failed(`failed: ${wordsOf({ reason, message })}`);
  }
  const condition = conditionOf(pod, "Ready");
  const count = listAt(pod, "spec", "containers").length;
  if (phase === "Running" && condition?.status === "True") {
    return ready(`${counted(count, "container")} ready`);
  }
  if (phase !== "Running") return waiting(`is ${phase ?? "not seen by a node yet"}`);
  const up = listAt(pod, "status", "containerStatuses")
    .filter((status) => (status as { ready?: unknown } | null)?.ready === true).length;
  const gates = condition?.reason === "ReadinessGatesNotReady" ? `: ${condition.message}` : "";
  return waiting(`${up}/${count} containers ready${gates}`);
}
