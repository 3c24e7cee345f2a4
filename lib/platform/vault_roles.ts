import { pathText } from "./mistake.ts";
import type { KubernetesRole, VaultAuth, VaultPolicy } from "./types.ts";
import type { VaultNeed } from "./vault_reads.ts";

/** How long Vault itself lets tokens live; whoever is down for longer loses its own. Source: Vault, "Tokens", system max TTL. */
const tokenPeriod = "768h";

/** Name of the policy that is made for a role: names of roles are only unique within their auth method. */
export function policyNameOf({ mount, role }: Pick<VaultNeed, "mount" | "role">): string {
  return `${mount.replaceAll("/", "-")}-${role}`.toLowerCase();
}

/** Auth methods with a role for each who logs in; `because` learns of those that nobody declared. */
export function withRoles(
  declared: Record<string, VaultAuth>,
  needs: readonly VaultNeed[],
  because: Record<string, string>,
): Record<string, VaultAuth> {
  const auth = structuredClone(declared);
  for (const need of needs) {
    const { method, mount, role, path } = need;
    const options = auth[mount] ??= { type: method };
    const policies = [policyNameOf(need)];
    const key = `auth/${mount}/${role}`;
    const isDerived = because[key] !== undefined;
    because[`auth/${mount}`] ??= mount in declared ? "" : pathText(path);
    if (method === "kubernetes") {
      const roles = options.kubernetesRoles ??= {};
      if (roles[role] !== undefined && !isDerived) continue;
      roles[role] = widened(roles[role], need, policies);
    } else if (method === "approle") {
      const roles = options.appRoles ??= {};
      if (roles[role] !== undefined && !isDerived) continue;
      roles[role] = { policies };
    } else {
      const roles = options.tokenRoles ??= {};
      if (roles[role] !== undefined && !isDerived) continue;
      roles[role] = { policies, period: tokenPeriod };
    }
    because[key] = isDerived ? `${because[key]}, ${pathText(path)}` : pathText(path);
  }
  for (const mount of Object.keys(declared)) delete because[`auth/${mount}`];
  return auth;
}

/** Two who share a role share what it allows. */
function widened(
  role: KubernetesRole | undefined,
  { account, audience }: VaultNeed,
  policies: string[],
): KubernetesRole {
  const wanted = role?.audience ?? audience;
  return {
    serviceAccounts: [...new Set([...role?.serviceAccounts ?? [], account!])].toSorted(),
    ...(wanted === undefined ? {} : { audience: wanted }),
    policies,
  };
}

/** Policies with one for each derived role, of exactly the paths of those who log in with it. */
export function withPolicies(
  declared: Record<string, VaultPolicy>,
  auth: Record<string, VaultAuth>,
  needs: readonly VaultNeed[],
  because: Record<string, string>,
): Record<string, VaultPolicy> {
  const policies: Record<string, VaultPolicy> = { ...declared };
  const named = new Set(
    Object.values(auth).flatMap(({ kubernetesRoles, appRoles, tokenRoles }) =>
      Object.values({ ...kubernetesRoles, ...appRoles, ...tokenRoles })
        .flatMap((role) => role.policies)
    ),
  );
  for (const need of needs) {
    const name = policyNameOf(need);
    if (name in declared || !named.has(name)) continue;
    const paths = { ...policies[name]?.paths };
    for (const [path, capabilities] of Object.entries(need.paths)) {
      paths[path] = [...new Set([...paths[path] ?? [], ...capabilities])].toSorted();
    }
    policies[name] = { paths: sorted(paths) };
    const before = because[`policies/${name}`];
    because[`policies/${name}`] = [...before === undefined ? [] : [before], pathText(need.path)]
      .join(", ");
  }
  return policies;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => a < b ? -1 : 1));
}
