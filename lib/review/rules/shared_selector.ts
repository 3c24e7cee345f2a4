import { type Manifest, refOf, subjectOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { type LabelSelector, selects } from "../selector.ts";

const controllers = ["Deployment", "StatefulSet", "DaemonSet"];

/** Two controllers that select each other's pods, or a budget for both, count what is not theirs. */
export const sharedSelector: Rule = {
  name: "shared-selector",
  summary: "No controller selects the pods of another one",
  severity: "error",
  check: ({ ofKind, sources }) =>
    ofKind(...controllers).flatMap((controller) => {
      const { selector = {} } = controller["spec"] as { selector?: LabelSelector };
      return sources.filter(({ owner, namespace, labels }) =>
        owner !== controller && namespace === (controller.metadata.namespace ?? "default") &&
        selects(selector, labels)
      ).map(({ owner }: { owner: Manifest }) => ({
        object: refOf(controller),
        because: `it selects the pods of ${subjectOf(refOf(owner))} too`,
        remedy: "give both labels that tell them apart",
      }));
    }),
};
