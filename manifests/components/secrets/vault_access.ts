import type { Manifest } from "../../../lib/core/object.ts";
import type { ClusterVault } from "../../../lib/platform/types.ts";
import { vaultServersOf } from "../../../lib/platform/vaults.ts";
import { define } from "../manifest.ts";
import type { ClusterRoleBinding, Role, RoleBinding, ServiceAccount } from "../types.ts";

const apiGroup = "rbac.authorization.k8s.io";

/**
 * The service account of a Vault, and what it may do: review the tokens of those who log in, as the Kubernetes auth
 * method needs, and mark its own pods with who is active. Source: Vault, "Kubernetes auth method" and
 * "Kubernetes service registration".
 */
export function vaultAccess(
  name: string,
  vault: ClusterVault,
): Manifest[] {
  const { namespace, development } = vault;
  return [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      // Vault reviews others' tokens with its own.
      automountServiceAccountToken: true,
    }),
    define<ClusterRoleBinding>({
      apiVersion: `${apiGroup}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: `${namespace}-${name}-token-review` },
      roleRef: { apiGroup, kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }),
    ...(development === undefined ? registration(name, vault) : []),
  ];
}

function registration(name: string, vault: ClusterVault): Manifest[] {
  const { namespace } = vault;
  return [
    define<Role>({
      apiVersion: `${apiGroup}/v1`,
      kind: "Role",
      metadata: { name: `${name}-registration`, namespace },
      rules: [{
        apiGroups: [""],
        resources: ["pods"],
        resourceNames: vaultServersOf(name, vault).map((server) => server.name),
        verbs: ["get", "update", "patch"],
      }],
    }),
    define<RoleBinding>({
      apiVersion: `${apiGroup}/v1`,
      kind: "RoleBinding",
      metadata: { name: `${name}-registration`, namespace },
      roleRef: { apiGroup, kind: "Role", name: `${name}-registration` },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }),
  ];
}
