import type { KubeObject } from "../../core/object.ts";
import { textAt } from "./fields.ts";
import { ready, type Verdict, waiting } from "./verdict.ts";

/** A Namespace is ready when it is Active. Source: k8s.io/api, core/v1 NamespacePhase. */
export function namespaceReady(namespace: KubeObject): Verdict {
  const phase = textAt(namespace, "status", "phase");
  return phase === "Active" ? ready("Active") : waiting(`is ${phase ?? "not Active yet"}`);
}
