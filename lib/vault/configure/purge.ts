import type { VaultClient } from "../client.ts";
import type { SubjectKind, VaultChange } from "./change.ts";
import type { DesiredVault } from "./desired.ts";
import type { LiveMounts } from "./plan_mounts.ts";
import { listNames } from "./read.ts";

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
  const named = new Set(desired.entries.map(({ path }) => path));
  const roles = async (
    kind: SubjectKind,
    mount: string,
    path: string,
    known: ReadonlySet<string> = named,
  ): Promise<Unmanaged[]> =>
    (await listNames(client, path, signal))
      .filter((name) => !known.has(`${path}/${name}`))
      .map((name) => ({ kind, name: `${mount}/${name}`, path: `${path}/${name}` }));
  const connections = new Set(
    desired.connections.map(({ mount, name }) => `${mount}/config/${name}`),
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

/** Holds data, or proves what was done: nothing of these kinds goes unless it is asked for by name. */
const onlyByName: readonly SubjectKind[] = ["secrets engine", "auth method", "audit device"];

/** What is removed when that is asked for. */
export function planPurge(
  unmanaged: readonly Unmanaged[],
  { purge = false, purgeMounts = [] }: { purge?: boolean; purgeMounts?: readonly string[] },
): VaultChange[] {
  return unmanaged.filter(({ kind, path }) =>
    onlyByName.includes(kind)
      ? purgeMounts.some((mount) => path === `sys/mounts/${mount}` || path === `sys/${mount}`)
      : purge
  ).map(({ kind, name, path }) => ({
    kind,
    name,
    action: "pruned",
    because: "the platform does not name it",
    diff: [],
    act: { do: "write", requests: [{ method: "DELETE", path }] },
  }));
}
