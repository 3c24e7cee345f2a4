import type { Mistake } from "../mistake.ts";
import type { Access, Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** Roles whose rights end at namespaces that are named. */
const bounded: readonly Access["role"][] = ["developer", "ci-cd"];

/** Namespaces of the control plane: who may run something there can do everything. */
const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease"];

/** Rights must be given in namespaces that are declared, and none that would grow beyond their role. */
export function checkAccess({ access, namespaces }: Platform): Mistake[] {
  return Object.entries(access).flatMap(([name, entry]) => {
    const path = ["access", name];
    const known = Object.keys(namespaces);
    return [
      ...checkReach(path, entry),
      ...(entry.namespaces ?? []).flatMap((namespace, index) => [
        ...refer([...path, "namespaces", index], namespace, known, "namespace"),
        ...(bounded.includes(entry.role) && systemNamespaces.includes(namespace)
          ? [{
            path: [...path, "namespaces", index],
            message: `${entry.role} in ${namespace}, expected a namespace of the platform's own: ` +
              "a pod there can take over the cluster",
          }]
          : []),
      ]),
      ...(entry.serviceAccounts ?? []).flatMap(({ namespace }, index) =>
        refer([...path, "serviceAccounts", index, "namespace"], namespace, known, "namespace")
      ),
      ...(entry.groups ?? []).flatMap((group, index) =>
        everyone.includes(group)
          ? [{
            path: [...path, "groups", index],
            message: `${group} is everybody, expected a group that somebody is put into`,
          }]
          : []
      ),
    ];
  });
}

/** Source: Kubernetes, "Using RBAC Authorization", default subjects. */
const everyone = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

function checkReach(path: string[], { role, namespaces }: Access): Mistake[] {
  if (bounded.includes(role) && namespaces === undefined) {
    return [{
      path: [...path, "namespaces"],
      message: `missing, expected because ${role} holds only in namespaces that are named`,
    }];
  }
  return role === "cluster-admin" && namespaces !== undefined
    ? [{
      path: [...path, "namespaces"],
      message: "given for cluster-admin, expected none: it holds everywhere",
      atKey: true,
    }]
    : [];
}
