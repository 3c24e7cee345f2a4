import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { type LabelSelector, selectorText } from "../selector.ts";

/** Whoever wrote the policy believes that something is guarded, or may be reached, that is not. */
export const networkPolicySelectsNothing: Rule = {
  name: "network-policy-selects-nothing",
  summary: "A NetworkPolicy selects pods that the platform has",
  severity: "error",
  check: ({ ofKind, selected, isOpaque }) =>
    ofKind("NetworkPolicy").flatMap((policy) => {
      const { podSelector } = policy["spec"] as { podSelector: LabelSelector };
      const { namespace = "default" } = policy.metadata;
      const everything = selectorText(podSelector) === "everything";
      // A policy for a whole namespace holds for pods that are yet to come.
      if (everything || isOpaque(namespace) || selected(namespace, podSelector).length > 0) {
        return [];
      }
      return [{
        object: refOf(policy),
        because: `no pod of namespace ${namespace} has the labels ${selectorText(podSelector)}`,
        remedy: "correct the labels, or take the policy away",
      }];
    }),
};
