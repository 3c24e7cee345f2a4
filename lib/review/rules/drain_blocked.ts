import { type Manifest, refOf, subjectOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { countsOf } from "../replicas.ts";
import { type LabelSelector, selectorText } from "../selector.ts";

/** A budget that allows no eviction keeps a node from being drained for ever, and so from being upgraded. */
export const drainBlocked: Rule = {
  name: "drain-blocked",
  summary: "A PodDisruptionBudget leaves room to move one pod at a time",
  severity: "error",
  check: (view) =>
    view.ofKind("PodDisruptionBudget").flatMap((budget) => {
      const { selector = {}, maxUnavailable, minAvailable } = budget["spec"] as {
        selector?: LabelSelector;
        maxUnavailable?: number | string;
        minAvailable?: number | string;
      };
      const pods = view.selected(budget.metadata.namespace ?? "default", selector);
      const owners = [...new Set(pods.flatMap(({ owner }) => owner ?? []))];
      const counts = owners.map((owner) => countsOf(owner, view));
      if (owners.length === 0 || counts.some((count) => count === undefined)) return [];
      const least = counts.reduce((sum, count) => sum + count!.least, 0);
      const must = minAvailable === undefined
        ? least - portion(maxUnavailable ?? 1, least)
        : portion(minAvailable, least);
      if (least === 0 || must < least) return [];
      const says = minAvailable === undefined
        ? `maxUnavailable ${maxUnavailable}`
        : `minAvailable ${minAvailable}`;
      return [{
        object: refOf(budget),
        because: `${says} of ${least} ${least === 1 ? "pod" : "pods"} of ${
          owners.map((owner: Manifest) => subjectOf(refOf(owner))).join(", ")
        } (${selectorText(selector)}) lets none be moved`,
        remedy: least === 1
          ? "allow maxUnavailable 1, or run a second pod"
          : "let at least one pod be away",
      }];
    }),
};

/** Percentages are rounded up, of both. Source: k8s.io/kubernetes, pkg/controller/disruption. */
function portion(value: number | string, of: number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? Math.ceil(Number(value.slice(0, -1)) / 100 * of) : Number(value);
}
