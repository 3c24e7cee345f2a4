import type { CompleteVaultConfiguration } from "../../platform/vault_configuration.ts";
import type { AppRole, KubernetesRole, TokenRole } from "../../platform/types.ts";
import type { DesiredEntry, FieldValue } from "../../vault/configure/desired.ts";
import type { Because } from "./because.ts";
import { seconds } from "./duration.ts";

/** How Vault reaches the API server that reviews tokens. */
export interface KubernetesSurroundings {
  /** Its URL, as Vault reaches it. */
  host: string;
  /**
   * Authority of its certificate, in PEM, for a Vault outside of the cluster; each token is then reviewed with
   * itself. @default that of the pod that Vault runs in, with whose token it reviews
   */
  caCert?: string;
}

/** How long tokens live that a login gives, where nobody says it. */
const tokenTtl = "1h";

/** Settings and roles of auth methods. */
export function authEntries(
  { auth }: CompleteVaultConfiguration,
  kubernetes: KubernetesSurroundings,
  because: Because,
): DesiredEntry[] {
  return Object.entries(auth).flatMap(([mount, method]) => {
    const role = <T>(
      kind: DesiredEntry["kind"],
      roles: Record<string, T> | undefined,
      path: string,
      fields: (role: T) => DesiredEntry["fields"],
    ): DesiredEntry[] =>
      Object.entries(roles ?? {}).map(([name, options]) => ({
        kind,
        name: `${mount}/${name}`,
        path: `auth/${mount}/${path}/${name}`,
        fields: fields(options),
        ...because(`auth/${mount}/${name}`),
      }));
    return [
      ...method.type === "kubernetes" ? [kubernetesSettings(mount, kubernetes)] : [],
      ...role("Kubernetes role", method.kubernetesRoles, "role", kubernetesRole),
      ...role("AppRole", method.appRoles, "role", appRole),
      ...role("token role", method.tokenRoles, "roles", tokenRole),
    ];
  });
}

/** Source: Vault API, Kubernetes auth method, "Configure method". */
function kubernetesSettings(
  mount: string,
  { host, caCert }: KubernetesSurroundings,
): DesiredEntry {
  return {
    kind: "Kubernetes settings",
    name: mount,
    path: `auth/${mount}/config`,
    fields: {
      kubernetes_host: host,
      disable_local_ca_jwt: caCert !== undefined,
      ...caCert === undefined ? {} : { kubernetes_ca_cert: caCert },
    },
  };
}

/** Vault lets in each of the names in each of the namespaces; the platform's check refuses what would be more than asked. */
function kubernetesRole(role: KubernetesRole): Record<string, FieldValue> {
  const accounts = role.serviceAccounts.map((account) => account.split("/"));
  return {
    bound_service_account_names: unique(accounts.map(([, name]) => name!)),
    bound_service_account_namespaces: unique(accounts.map(([namespace]) => namespace!)),
    audience: role.audience ?? "",
    token_policies: role.policies,
    token_ttl: seconds(role.tokenTtl ?? tokenTtl),
  };
}

/** Source: Vault API, AppRole auth method, "Create/update AppRole". */
function appRole(role: AppRole): Record<string, FieldValue> {
  return {
    bind_secret_id: true,
    token_policies: role.policies,
    token_ttl: seconds(role.tokenTtl ?? tokenTtl),
    secret_id_ttl: seconds(role.secretIdTtl ?? "0s"),
    secret_id_num_uses: role.secretIdUses ?? 0,
    secret_id_bound_cidrs: role.boundCidrs ?? [],
    token_bound_cidrs: role.boundCidrs ?? [],
  };
}

/** Orphans: they must outlive the token that made them, which is revoked soon. Source: Vault API, token auth method. */
function tokenRole(role: TokenRole): Record<string, FieldValue> {
  return {
    allowed_policies: role.policies,
    orphan: true,
    renewable: true,
    token_period: seconds(role.period),
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
