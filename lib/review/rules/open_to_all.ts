import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { keepsRunning } from "../pods.ts";
import { type LabelSelector, selects } from "../selector.ts";

/** Any pod of the cluster may connect to it. */
export const openToAll: Rule = {
  name: "open-to-all",
  summary: "A NetworkPolicy says who may connect to a pod",
  severity: "warning",
  check: ({ sources, ofKind }) => {
    const policies = ofKind("NetworkPolicy").filter((policy) => {
      const { policyTypes = ["Ingress"] } = policy["spec"] as { policyTypes?: string[] };
      return policyTypes.includes("Ingress");
    });
    return sources.filter(keepsRunning).flatMap(({ owner, namespace, labels, spec }) => {
      const guarded = policies.some(({ metadata, ...policy }) =>
        (metadata.namespace ?? "default") === namespace &&
        selects((policy["spec"] as { podSelector: LabelSelector }).podSelector, labels)
      );
      // A pod with the network of its node is beyond all policies.
      return guarded || spec.hostNetwork === true ? [] : [{
        object: refOf(owner),
        because: `no NetworkPolicy of namespace ${namespace} holds for its pods`,
        remedy: "set defaultDeny for the namespace, and declare the flows that are meant",
      }];
    });
  },
};
