import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { type LabelSelector, selectorText } from "../selector.ts";

/** A budget for nobody protects nobody. */
export const budgetSelectsNothing: Rule = {
  name: "budget-selects-nothing",
  summary: "A PodDisruptionBudget selects pods that the platform has",
  severity: "error",
  check: ({ ofKind, selected, isOpaque }) =>
    ofKind("PodDisruptionBudget").flatMap((budget) => {
      const { selector = {} } = budget["spec"] as { selector?: LabelSelector };
      const { namespace = "default" } = budget.metadata;
      return isOpaque(namespace) || selected(namespace, selector).length > 0 ? [] : [{
        object: refOf(budget),
        because: `no pod of namespace ${namespace} has the labels ${selectorText(selector)}`,
        remedy: "correct the labels, or take the budget away",
      }];
    }),
};
