import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** An autoscaler needs something to scale, and to be the only one who decides. */
export const autoscalerTarget: Rule = {
  name: "autoscaler-target",
  summary: "An autoscaler's target is there and has no number of replicas of its own",
  severity: "error",
  check: ({ ofKind, find }) =>
    ofKind("HorizontalPodAutoscaler").flatMap((autoscaler) => {
      const { scaleTargetRef: { kind, name } } = autoscaler["spec"] as {
        scaleTargetRef: { kind: string; name: string };
      };
      const target = find(kind, autoscaler.metadata.namespace, name);
      if (target === undefined) {
        return [{
          object: refOf(autoscaler),
          because: `its target ${kind} ${name} is not there`,
          remedy: "correct the name, or take the autoscaler away",
        }];
      }
      const { replicas } = target["spec"] as { replicas?: number };
      return replicas === undefined ? [] : [{
        object: refOf(autoscaler),
        because:
          `${kind} ${name} has ${replicas} replicas of its own: each apply would undo what ` +
          "the autoscaler decided",
        remedy: "leave the number to the autoscaler",
      }];
    }),
};
