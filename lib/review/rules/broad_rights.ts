import { type Manifest, refOf } from "../../core/object.ts";
import type { Complaint, Rule } from "../finding.ts";
import type { View } from "../view.ts";

/** Source: k8s.io/api, rbac/v1 PolicyRule. */
interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** Whoever breaks into such a program has the cluster. */
export const broadRights: Rule = {
  name: "broad-rights",
  summary: "Programs have no rights to everything, to all Secrets, or to run what they like",
  severity: "warning",
  check: (view) =>
    view.ofKind("RoleBinding", "ClusterRoleBinding").flatMap((binding) => {
      const { subjects = [], roleRef } = binding as unknown as {
        subjects?: { kind: string }[];
        roleRef: { kind: string; name: string };
      };
      // People are bound by groups, and what those may do is theirs to decide.
      if (!subjects.some(({ kind }) => kind === "ServiceAccount")) return [];
      return rightsOf(binding, roleRef, view).map((because): Complaint => ({
        object: refOf(binding),
        because,
        remedy: "name the resources, and where possible the objects, that it needs",
      }));
    }),
};

function rightsOf(
  binding: Manifest,
  { kind, name }: { kind: string; name: string },
  { find }: View,
): string[] {
  const everywhere = binding.kind === "ClusterRoleBinding";
  const where = everywhere ? "everywhere" : `in namespace ${binding.metadata.namespace}`;
  if (name === "cluster-admin") return [`it may do everything ${where}`];
  const role = find(kind, kind === "Role" ? binding.metadata.namespace : undefined, name);
  const { rules = [] } = (role ?? {}) as { rules?: PolicyRule[] };
  const told = rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [], verbs }) => {
    const may = (...wanted: string[]) =>
      verbs.includes("*") || wanted.some((verb) => verbs.includes(verb));
    const on = (resource: string) => resources.includes("*") || resources.includes(resource);
    const core = apiGroups.includes("") || apiGroups.includes("*");
    if (verbs.includes("*") && resources.includes("*")) return [`it may do everything ${where}`];
    if (resourceNames.length > 0) return [];
    return [
      ...(everywhere && core && on("secrets") && may("get", "list", "watch")
        ? ["it may read all Secrets"]
        : []),
      ...(everywhere && core && on("pods") && may("create")
        ? ["it may run pods in every namespace, as whoever is there"]
        : []),
      ...(core && (on("pods/exec") || on("pods/attach")) && may("create", "get")
        ? [`it may run commands in pods ${where}`]
        : []),
      ...(on("clusterrolebindings") && may("create", "update", "patch", "bind") ||
          on("clusterroles") && may("escalate")
        ? ["it may give itself any right"]
        : []),
    ];
  });
  return [...new Set(told)];
}
