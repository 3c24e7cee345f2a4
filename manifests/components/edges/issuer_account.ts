import type { Manifest } from "../../../lib/core/object.ts";
import { certManagerNamespace } from "../../../lib/platform/cert_manager.ts";
import type { Issuer, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Role, RoleBinding, ServiceAccount } from "../types.ts";

const apiGroup = "rbac.authorization.k8s.io";

/** Name of the service account that cert-manager itself runs under. Source: cert-manager's chart, templates/_helpers.tpl. */
const certManager = "cert-manager";

/**
 * The service account of an issuer's own by which cert-manager logs in to Vault, and its right to ask for tokens of
 * it. Source: cert-manager, "Vault", secretless authentication with a service account.
 */
export function issuerAccount(
  name: string,
  { namespace, vault }: Issuer,
  { charts }: Pick<Platform, "charts">,
): Manifest[] {
  if (vault === undefined || vault.serviceAccount !== undefined) return [];
  const home = certManagerNamespace({ charts });
  const metadata = { name, namespace: namespace ?? home };
  return [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...metadata },
      automountServiceAccountToken: false,
    }),
    define<Role>({
      apiVersion: `${apiGroup}/v1`,
      kind: "Role",
      metadata: { ...metadata },
      rules: [{
        apiGroups: [""],
        resources: ["serviceaccounts/token"],
        resourceNames: [name],
        verbs: ["create"],
      }],
    }),
    define<RoleBinding>({
      apiVersion: `${apiGroup}/v1`,
      kind: "RoleBinding",
      metadata: { ...metadata },
      roleRef: { apiGroup, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name: certManager, namespace: home }],
    }),
  ];
}
