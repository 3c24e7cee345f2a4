import { vaultCanary } from "./backups.ts";
import { pathText } from "./mistake.ts";
import type { Platform, VaultConfiguration, VaultMount } from "./types.ts";
import { vaultNeeds } from "./vault_needs.ts";
import { type NeededKey, neededKeys, storeOf, type VaultNeed } from "./vault_reads.ts";
import { withPolicies, withRoles } from "./vault_roles.ts";
import { withSeeds } from "./vault_seeds.ts";
import { clusterVaults } from "./vaults.ts";

/** All that is to be in a Vault: what the platform declares, and what follows from who asks it. */
export interface CompleteVaultConfiguration extends Required<VaultConfiguration> {
  /** All who log in, with the paths that they need as policies have them. */
  needs: readonly VaultNeed[];
  /** Where what nobody declared comes from, by section and name, such as `policies/kubernetes-shop`. */
  because: Readonly<Record<string, string>>;
  /** Secrets of which nobody says what keys they must have, though somebody reads them. */
  readWhole: readonly NeededKey[];
}

/**
 * What is to be in a Vault, declared and derived. A part that is declared wins over a derived one of the same name
 * as a whole, since it may be narrower on purpose, or wider; `checkVaultConfiguration` tells when it lacks something.
 * What stands in parts, such as roles in an auth method, is put together name by name.
 */
export function vaultConfigurationOf(
  platform: Platform,
  vault: string,
): CompleteVaultConfiguration {
  const declared = platform.vaults[vault]?.configuration ?? {};
  const because: Record<string, string> = {};
  const wanted = vaultNeeds(platform, vault);
  const mounts = withMounts(platform, vault, wanted, because);
  const needs = wanted.map((need) => ({
    ...need,
    paths: Object.fromEntries(
      Object.entries(need.paths).map(([path, allowed]) => [dataPath(path, mounts), allowed]),
    ),
  }));
  const keys = neededKeys(platform, vault);
  const auth = withRoles(declared.auth ?? {}, needs, because);
  const seeds = withSeeds(platform, vault, keys, because);
  return {
    mounts,
    policies: withPolicies(declared.policies ?? {}, auth, needs, because),
    auth,
    audit: declared.audit ?? { file: { type: "file", path: "stdout" } },
    seeds,
    needs,
    because,
    readWhole: [...keys.filter(({ key }) => key === undefined), ...agentSecrets(needs, mounts)]
      .filter(({ path }) => seeds[path] === undefined),
  };
}

function withMounts(
  platform: Platform,
  vault: string,
  needs: readonly VaultNeed[],
  because: Record<string, string>,
): Record<string, VaultMount> {
  const mounts = structuredClone(platform.vaults[vault]?.configuration?.mounts ?? {});
  for (const name of Object.keys(platform.secretStores)) {
    const source = storeOf(platform, vault, name);
    if (source === undefined || source.version === "v1" || source.path in mounts) continue;
    mounts[source.path] = { type: "kv-v2" };
    because[`mounts/${source.path}`] = pathText(["secretStores", name]);
  }
  const backup = needs.find(({ paths }) =>
    Object.keys(paths).some((path) => path.startsWith(`${vaultCanary.mount}/`))
  );
  if (backup !== undefined && !(vaultCanary.mount in mounts)) {
    mounts[vaultCanary.mount] = { type: "kv-v2" };
    because[`mounts/${vaultCanary.mount}`] = pathText(backup.path);
  }
  for (const [name, { seal }] of clusterVaults(platform)) {
    if (seal?.vault !== vault) continue;
    const mount = mounts[seal.mountPath] ??= { type: "transit" };
    if (mount.transitKeys?.[seal.key] !== undefined) continue;
    mount.transitKeys = { ...mount.transitKeys, [seal.key]: {} };
    because[`mounts/${seal.mountPath}`] ??= pathText(["vaults", name, "seal"]);
    because[`keys/${seal.mountPath}/${seal.key}`] = pathText(["vaults", name, "seal"]);
  }
  return mounts;
}

/** The mount that a path of a Vault's API leads to: the longest that it begins with. */
export function mountOf(path: string, mounts: Iterable<string>): string | undefined {
  return [...mounts].filter((mount) => path === mount || path.startsWith(`${mount}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** Agents find out by themselves that an engine keeps versions; a policy must have the path as it is. */
function dataPath(path: string, mounts: Readonly<Record<string, VaultMount>>): string {
  const mount = mountOf(path, Object.keys(mounts));
  if (mount === undefined || mounts[mount]?.type !== "kv-v2") return path;
  const rest = path.slice(mount.length + 1);
  return rest.startsWith("data/") ? path : `${mount}/data/${rest}`;
}

/** Secrets whose keys an agent's template takes out, which nothing else knows of. */
function agentSecrets(
  needs: readonly VaultNeed[],
  mounts: Readonly<Record<string, VaultMount>>,
): NeededKey[] {
  return needs.filter(({ path }) => path.at(-1) === "vaultAgent").flatMap(({ path: at, paths }) =>
    Object.keys(paths).flatMap((path) => {
      const mount = mountOf(path, Object.keys(mounts));
      if (mount === undefined || mounts[mount]?.type !== "kv-v2") return [];
      const secret = `${mount}/${path.slice(`${mount}/data/`.length)}`;
      return [{ path: secret, by: pathText(at), at }];
    })
  );
}
