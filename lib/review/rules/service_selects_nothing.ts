import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { selectorText } from "../selector.ts";

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
      return selected(namespace, { matchLabels: selector }).length > 0 ? [] : [{
        object: refOf(service),
        because: `no pod of namespace ${namespace} has the labels ${
          selectorText({ matchLabels: selector })
        }`,
        remedy: "correct the labels, or take the service away",
      }];
    }),
};
