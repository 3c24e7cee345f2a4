import { certManagerNamespace } from "./cert_manager.ts";
import { clusterJobs, vaultCanary } from "./backups.ts";
import type { VaultCapability } from "./types.ts";
import { agentNeeds } from "./vault_agent_needs.ts";
import { sourcesOf, storeOf, type VaultNeed, type VaultNeedSections } from "./vault_reads.ts";
import { clusterVaults, vaultAt } from "./vaults.ts";

/** All who log in to a Vault, with exactly what they ask there. */
export function vaultNeeds(platform: VaultNeedSections, vault: string): VaultNeed[] {
  return [
    ...storeNeeds(platform, vault),
    ...issuerNeeds(platform, vault),
    ...agentNeeds(platform, vault),
    ...backupNeeds(platform, vault),
    ...sealNeeds(platform, vault),
  ];
}

function storeNeeds(platform: VaultNeedSections, vault: string): VaultNeed[] {
  return Object.entries(platform.secretStores).flatMap(([name, { namespace }]) => {
    const source = storeOf(platform, vault, name);
    if (source === undefined) return [];
    const data = source.version === "v2" ? `${source.path}/data` : source.path;
    const read = Object.values(platform.externalSecrets)
      .filter(({ store }) => store === name)
      .flatMap(sourcesOf)
      .map(({ path }): [string, VaultCapability[]] => [`${data}/${path}`, ["read"]]);
    return [{
      path: ["secretStores", name],
      method: "kubernetes" as const,
      mount: source.authMountPath,
      role: source.role,
      account: `${namespace}/${source.serviceAccount ?? name}`,
      paths: Object.fromEntries(read),
    }];
  });
}

/** cert-manager asks for tokens with an audience of the issuer's own. Source: cert-manager, "Vault", serviceAccountRef. */
function issuerNeeds(platform: VaultNeedSections, vault: string): VaultNeed[] {
  return Object.entries(platform.issuers).flatMap(([name, { namespace, vault: source }]) => {
    if (source === undefined || vaultAt(platform, source.server) !== vault) return [];
    const home = namespace ?? certManagerNamespace(platform);
    return [{
      path: ["issuers", name],
      method: "kubernetes" as const,
      mount: source.authMountPath,
      role: source.role,
      account: `${home}/${source.serviceAccount ?? name}`,
      audience: `vault://${namespace === undefined ? "" : `${namespace}/`}${name}`,
      paths: { [source.path]: ["update" as const] },
    }];
  });
}

/** A snapshot, and the canary in it, are all that a backup asks for. Source: Vault, "/sys/storage/raft", read snapshot. */
const backupPaths: VaultNeed["paths"] = {
  "sys/storage/raft/snapshot": ["read"],
  [`${vaultCanary.mount}/data/${vaultCanary.path}`]: ["create", "update"],
};

/** Jobs of the cluster log in with their service accounts; a Vault on a host of its own is backed up there, with a token. */
function backupNeeds({ backups, vaults }: VaultNeedSections, vault: string): VaultNeed[] {
  const jobs = Object.entries(clusterJobs(backups)).flatMap(
    ([name, { task, covers = [], namespace }]): VaultNeed[] =>
      task === "backup-vault" && covers.includes(`vaults/${vault}`)
        ? [{
          path: ["backups", "jobs", name],
          method: "kubernetes",
          mount: "kubernetes",
          role: name,
          account: `${namespace}/${name}`,
          paths: backupPaths,
        }]
        : [],
  );
  if (vaults[vault]?.outside?.backupsKeptAt === undefined) return jobs;
  return [...jobs, {
    path: ["vaults", vault, "outside", "backupsKeptAt"],
    method: "token",
    mount: "token",
    role: "backup-vault",
    paths: backupPaths,
  }];
}

/** Source: Vault, "Seal configuration", transit, "Authentication". */
function sealNeeds(platform: VaultNeedSections, vault: string): VaultNeed[] {
  return clusterVaults(platform).flatMap(([name, { seal }]) =>
    seal?.vault !== vault ? [] : [{
      path: ["vaults", name, "seal"],
      method: "token" as const,
      mount: "token",
      role: seal.role,
      paths: Object.fromEntries(
        ["encrypt", "decrypt"].map((way) => [
          `${seal.mountPath}/${way}/${seal.key}`,
          ["update" as const],
        ]),
      ),
    }]
  );
}
