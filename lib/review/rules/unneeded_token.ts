import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** A token that nobody uses is of use only to who breaks in. */
export const unneededToken: Rule = {
  name: "unneeded-token",
  summary: "A pod has a token for the API server only where its account has rights there",
  severity: "warning",
  check: ({ sources, ofKind, find }) => {
    const bound = new Set(
      ofKind("RoleBinding", "ClusterRoleBinding").flatMap((binding) =>
        ((binding["subjects"] ?? []) as { kind: string; namespace?: string; name: string }[])
          .map(({ namespace, name }) => `${namespace ?? binding.metadata.namespace}/${name}`)
      ),
    );
    return sources.flatMap(({ owner, namespace, spec }) => {
      const { serviceAccountName = "default", automountServiceAccountToken } = spec;
      const account = find("ServiceAccount", namespace, serviceAccountName);
      const mounts = automountServiceAccountToken ?? account?.["automountServiceAccountToken"] ??
        true;
      if (mounts !== true || bound.has(`${namespace}/${serviceAccountName}`)) return [];
      return [{
        object: refOf(owner),
        because: `its pods have the token of ${serviceAccountName}, who has no rights`,
        remedy: "set automountServiceAccountToken: false, or say what it may do",
      }];
    });
  },
};
