import { inventoryId } from "../../../lib/core/labels.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import type { Access, AccessRole, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ClusterRole, ClusterRoleBinding, RoleBinding } from "../types.ts";
import { accessRules } from "./access_rules.ts";

const group = "rbac.authorization.k8s.io";
const apiVersion = "rbac.authorization.k8s.io/v1";

/** The roles that a platform's access names, each once, and a binding for each entry: in its namespaces, or everywhere. */
export function access(platform: Platform): Manifest[] {
  const entries = Object.entries(platform.access);
  const roles = new Set(entries.map(([, { role }]) => role));
  return [
    ...[...roles].flatMap((role) => clusterRole(role, platform)),
    ...entries.flatMap(([name, entry]) => bindings(name, entry, platform)),
  ];
}

/** Cluster-wide objects carry the platform's name: several platforms may share a cluster. */
function wideName(name: string, platform: Platform): string {
  return `${inventoryId(platform)}-${name}`;
}

/** Kubernetes' own role is bound as it is; the others are ours. */
function roleName(role: AccessRole, platform: Platform): string {
  return role === "cluster-admin" ? role : wideName(role, platform);
}

function clusterRole(role: AccessRole, platform: Platform): Manifest[] {
  if (role === "cluster-admin") return [];
  return [define<ClusterRole>({
    apiVersion,
    kind: "ClusterRole",
    metadata: { name: roleName(role, platform) },
    rules: accessRules[role],
  })];
}

function bindings(name: string, entry: Access, platform: Platform): Manifest[] {
  const subjects = [
    ...(entry.groups ?? []).map((member) => ({ apiGroup: group, kind: "Group", name: member })),
    ...(entry.serviceAccounts ?? []).map((account) => ({
      kind: "ServiceAccount",
      name: account.name,
      namespace: account.namespace,
    })),
  ];
  const roleRef = { apiGroup: group, kind: "ClusterRole", name: roleName(entry.role, platform) };
  if (entry.namespaces === undefined) {
    return [define<ClusterRoleBinding>({
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: wideName(`access-${name}`, platform) },
      roleRef,
      subjects,
    })];
  }
  return entry.namespaces.map((namespace) =>
    define<RoleBinding>({
      apiVersion,
      kind: "RoleBinding",
      metadata: { name: `access-${name}`, namespace },
      roleRef,
      subjects,
    })
  );
}
