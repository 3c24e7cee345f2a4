import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { selectorText } from "../selector.ts";

/** Labels that programs put on their own pods once they run. Source: Vault, "Kubernetes service registration". */
const putOnByPods = new Set(["vault-active"]);

/** Whoever connects to it is refused, and only at run time. */
export const serviceSelectsNothing: Rule = {
  name: "service-selects-nothing",
  summary: "A Service with a selector selects pods that the platform has",
  severity: "error",
  check: ({ ofKind, selected, isOpaque }) =>
    ofKind("Service").flatMap((service) => {
      const { selector } = service["spec"] as { selector?: Record<string, string> };
      const { namespace = "default" } = service.metadata;
      // Without a selector somebody else says who answers.
      if (selector === undefined || isOpaque(namespace)) return [];
      const known = Object.entries(selector).filter(([label]) => !putOnByPods.has(label));
      const matchLabels = Object.fromEntries(known);
      return selected(namespace, { matchLabels }).length > 0 ? [] : [{
        object: refOf(service),
        because: `no pod of namespace ${namespace} has the labels ${
          selectorText({ matchLabels: selector })
        }`,
        remedy: "correct the labels, or take the service away",
      }];
    }),
};
