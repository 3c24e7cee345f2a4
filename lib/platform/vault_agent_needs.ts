import { workloadsOf } from "./apps/parts.ts";
import type { Platform, VaultAgent, VaultCapability } from "./types.ts";
import { agentAddress, type DeclaredAgent, vaultAgentsOf } from "./vault_clients.ts";
import { type KvKey, kvKeyOf, type VaultNeed, type VaultNeedSections } from "./vault_reads.ts";
import { vaultAt } from "./vaults.ts";
import { serviceAccountOf } from "./workloads.ts";

/** Vault Agents that log in to a Vault, with the paths that their files are made of. */
export function agentNeeds(platform: VaultNeedSections, vault: string): VaultNeed[] {
  return agentsAt(platform, vault).map((declared): VaultNeed => {
    const { agent, path, namespace } = declared;
    const { kubernetes } = agent.auth;
    const paths = Object.fromEntries(
      readsOf(agent).map(({ path, writes }): [string, VaultCapability[]] => [
        path,
        [writes ? "update" : "read"],
      ]),
    );
    if (kubernetes === undefined) {
      const { mount, role } = appRoleOf(platform, vault, declared);
      return { path, method: "approle", mount, role, paths };
    }
    return {
      path,
      method: "kubernetes",
      mount: kubernetes.path ?? "kubernetes",
      role: kubernetes.role,
      account: `${namespace}/${accountOf(platform, path)}`,
      ...(kubernetes.audience === undefined ? {} : { audience: kubernetes.audience }),
      paths,
    };
  });
}

/** An AppRole that an agent logs in with, and the KV keys from which its ids reach the agent. */
export interface NeededAppRole {
  /** Mount and name, as `approle/backend`. */
  role: string;
  /** KV path and key of the role id; undefined where the platform does not say how it arrives. */
  roleId?: KvKey;
  /** KV path and key of the secret id; undefined where the platform does not say how it arrives. */
  secretId?: KvKey;
}

/** The AppRoles of a Vault that agents log in with. */
export function neededAppRoles(platform: VaultNeedSections, vault: string): NeededAppRole[] {
  return agentsAt(platform, vault).flatMap((declared) => {
    const { approle } = declared.agent.auth;
    if (approle === undefined) return [];
    const { mount, role, ...ids } = appRoleOf(platform, vault, declared);
    return [{ role: `${mount}/${role}`, ...ids }];
  });
}

/** A path that an agent asks for. */
export interface AgentRead {
  /** Path in Vault. */
  path: string;
  /** Whether it is asked by a write, as certificates are. */
  writes: boolean;
}

/**
 * What an agent asks for: what a template names, or else the file's own path. Source: Consul Template,
 * "secret" and "pkiCert": arguments after the path make a read a write.
 */
export function readsOf({ files }: Pick<VaultAgent, "files">): AgentRead[] {
  return Object.values(files).flatMap(({ path, template }) => {
    const named = [
      ...(template ?? "").matchAll(/\b(secret|pkiCert)\s+"([^"]+)"((?:\s+"[^"]*")*)/g),
    ].map(([, call, path, parameters]) => ({
      path: path!,
      writes: call === "pkiCert" || parameters !== "",
    }));
    return named.length > 0 ? named : [{ path, writes: /\/(issue|sign)\//.test(path) }];
  });
}

/** The agents of a platform that ask one Vault. */
export function agentsAt(platform: VaultNeedSections, vault: string): DeclaredAgent[] {
  return vaultAgentsOf(platform).filter(({ agent }) => {
    const address = agentAddress(agent, platform);
    return address !== undefined && vaultAt(platform, address) === vault;
  });
}

/** The role is the one whose id a seed puts where the agent's Secret comes from, or else one of the program's name. */
function appRoleOf(
  platform: VaultNeedSections,
  vault: string,
  { agent, namespace, path }: DeclaredAgent,
): { mount: string; role: string } & Omit<NeededAppRole, "role"> {
  const { path: mount = "approle", secret, roleIdKey = "role-id", secretIdKey = "secret-id" } =
    agent.auth.approle!;
  const roleId = kvKeyOf(platform, vault, namespace, secret, roleIdKey);
  const secretId = kvKeyOf(platform, vault, namespace, secret, secretIdKey);
  const seed = roleId && platform.vaults[vault]?.configuration?.seeds
    ?.[roleId.path]?.[roleId.key]?.roleIdOf;
  const role = seed?.startsWith(`${mount}/`) ? seed.slice(mount.length + 1) : path[1]!;
  return { mount, role, roleId, secretId };
}

function accountOf(platform: VaultNeedSections, path: readonly string[]): string {
  const [section, name = ""] = path;
  const declared = section === "workloads"
    ? workloadsOf(platform as Platform)[name]
    : section === "cronJobs"
    ? platform.cronJobs[name]
    : undefined;
  // A Postgres server has no account of its own.
  return declared === undefined ? "default" : serviceAccountOf(name, declared);
}
