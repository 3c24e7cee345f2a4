import { refOf } from "../../core/object.ts";
import { nodesOf } from "../../platform/nodes.ts";
import type { Rule } from "../finding.ts";
import { countsOf } from "../replicas.ts";
import { type LabelSelector, selects } from "../selector.ts";

/** Without one, nodes that are drained together take all pods at once. */
export const noDisruptionBudget: Rule = {
  name: "no-disruption-budget",
  summary: "What runs in several pods has a PodDisruptionBudget",
  severity: "warning",
  check: (view) => {
    // With one node there is nowhere else to be.
    if (nodesOf(view.platform).length === 1) return [];
    const budgets = view.ofKind("PodDisruptionBudget");
    return view.sources.flatMap(({ owner, kind, namespace, labels }) => {
      const least = kind === "Deployment" || kind === "StatefulSet"
        ? countsOf(owner, view)?.least ?? 0
        : 0;
      const has = budgets.some(({ metadata, ...budget }) =>
        (metadata.namespace ?? "default") === namespace &&
        selects((budget["spec"] as { selector?: LabelSelector }).selector ?? {}, labels)
      );
      return least < 2 || has ? [] : [{
        object: refOf(owner),
        because: `no PodDisruptionBudget holds for its ${least} pods`,
        remedy: "allow maxUnavailable 1",
      }];
    });
  },
};
