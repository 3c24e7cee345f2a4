import type { VaultClient } from "../client.ts";
import type { PlanNote, SubjectKind, VaultChange } from "./change.ts";
import type { DesiredVault } from "./desired.ts";
import type { LiveMounts } from "./plan_mounts.ts";
import { listNames } from "../read.ts";

/** What is in a Vault and not in the platform. */
export interface Unmanaged {
  /** What it is. */
  kind: SubjectKind;
  /** How people call it. */
  name: string;
  /** Path in the API that deletes it. */
  path: string;
}

/** What Vault brings along itself. Source: Vault, "Policies", built-in policies; "Secrets engines", system mounts. */
const builtIn = {
  policies: ["default", "root"],
  engines: ["sys", "identity", "cubbyhole", "agent-registry"],
  methods: ["token"],
};

/** What a Vault has of the kinds that a platform declares, and the platform does not name. */
export async function findUnmanaged(
  client: VaultClient,
  desired: DesiredVault,
  live: LiveMounts,
  signal?: AbortSignal,
): Promise<Unmanaged[]> {
  // Some parts of Vault write names small; what differs by that alone is not somebody else's.
  const named = new Set(desired.entries.map(({ path }) => path.toLowerCase()));
  const roles = async (
    kind: SubjectKind,
    mount: string,
    path: string,
    known: ReadonlySet<string> = named,
  ): Promise<Unmanaged[]> =>
    (await listNames(client, path, signal))
      .filter((name) => !known.has(`${path}/${name}`.toLowerCase()))
      .map((name) => ({ kind, name: `${mount}/${name}`, path: `${path}/${name}` }));
  const connections = new Set(
    desired.connections.map(({ mount, name }) => `${mount}/config/${name}`.toLowerCase()),
  );
  const policies = (await listNames(client, "sys/policies/acl", signal))
    .filter((name) => !builtIn.policies.includes(name) && !named.has(`sys/policies/acl/${name}`))
    .map((name): Unmanaged => ({ kind: "policy", name, path: `sys/policies/acl/${name}` }));
  const lists = await Promise.all([
    ...desired.auth.map(({ path, type }) =>
      type === "kubernetes"
        ? roles("Kubernetes role", path, `auth/${path}/role`)
        : type === "approle"
        ? roles("AppRole", path, `auth/${path}/role`)
        : []
    ),
    ...desired.entries.some(({ kind }) => kind === "token role")
      ? [roles("token role", "token", "auth/token/roles")]
      : [],
    ...desired.mounts.flatMap(({ path, type }) =>
      type === "pki" ? [roles("PKI role", path, `${path}/roles`)] : type === "database"
        ? [
          roles("database role", path, `${path}/roles`),
          roles("database role", path, `${path}/static-roles`),
          roles("database connection", path, `${path}/config`, connections),
        ]
        : []
    ),
  ]);
  return [...policies, ...lists.flat(), ...unmanagedMounts(desired, live)];
}

function unmanagedMounts(desired: DesiredVault, live: LiveMounts): Unmanaged[] {
  const others = (
    kind: SubjectKind,
    found: LiveMounts["mounts"],
    wanted: readonly { path: string }[],
    api: string,
    own: readonly string[] = [],
  ): Unmanaged[] =>
    Object.keys(found)
      .filter((path) => !own.includes(path) && !wanted.some((mount) => mount.path === path))
      .map((path) => ({ kind, name: path, path: `${api}/${path}` }));
  return [
    ...others("secrets engine", live.mounts, desired.mounts, "sys/mounts", builtIn.engines),
    ...others("auth method", live.auth, desired.auth, "sys/auth", builtIn.methods),
    ...others("audit device", live.audit, desired.audit, "sys/audit"),
  ];
}

/** How a mount is named that is to be removed: `old-kv`, `auth/userpass`. Audit devices never are. */
function purgeName({ kind, name }: Unmanaged): string | undefined {
  if (kind === "secrets engine") return name;
  return kind === "auth method" ? `auth/${name}` : undefined;
}

/** What holds data goes only where it is asked for by name, and what proves what was done never. */
const notAtOnce: readonly SubjectKind[] = ["secrets engine", "auth method", "audit device"];

/** What is removed when that is asked for, and what is to be known of names that nothing has. */
export function planPurge(
  unmanaged: readonly Unmanaged[],
  { purge = false, purgeMounts = [] }: { purge?: boolean; purgeMounts?: readonly string[] },
): { changes: VaultChange[]; notes: PlanNote[] } {
  const names = unmanaged.map(purgeName);
  return {
    changes: unmanaged.filter((thing) =>
      notAtOnce.includes(thing.kind) ? purgeMounts.includes(purgeName(thing) ?? "") : purge
    ).map(({ kind, name, path }) => ({
      kind,
      name,
      action: "pruned",
      because: "the platform does not name it",
      diff: [],
      act: { do: "write", requests: [{ method: "DELETE", path }] },
    })),
    notes: purgeMounts.filter((mount) => !names.includes(mount)).map((mount) => ({
      message:
        `Nothing at ${mount} is removed: it is not mounted, or the platform declares it, or it is Vault's own`,
      remedy: "name a mount as `vault secrets list` does, or an auth method as auth/userpass",
    })),
  };
}
