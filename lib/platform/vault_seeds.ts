import { pathText } from "./mistake.ts";
import type { Platform, VaultSeed } from "./types.ts";
import { neededAppRoles } from "./vault_agent_needs.ts";
import { kvKeyOf, type NeededKey } from "./vault_reads.ts";
import { clusterVaults } from "./vaults.ts";

/**
 * Values to be there, with one for each key that somebody reads: the ids of AppRoles and the tokens of seals are made,
 * all else is asked for. `because` learns of those that nobody declared.
 */
export function withSeeds(
  platform: Platform,
  vault: string,
  keys: readonly NeededKey[],
  because: Record<string, string>,
): Record<string, Record<string, VaultSeed>> {
  const seeds = structuredClone(platform.vaults[vault]?.configuration?.seeds ?? {});
  const add = (path: string, key: string, seed: VaultSeed, from: readonly string[]) => {
    const secret = seeds[path] ??= {};
    if (key in secret) return;
    secret[key] = seed;
    because[`seeds/${path}/${key}`] = pathText(from);
  };
  for (const { role, roleId, secretId } of neededAppRoles(platform, vault)) {
    const from = ["vaults", vault];
    if (roleId !== undefined) add(roleId.path, roleId.key, { roleIdOf: role }, from);
    if (secretId !== undefined) add(secretId.path, secretId.key, { secretIdOf: role }, from);
  }
  for (const [name, { seal, namespace }] of clusterVaults(platform)) {
    if (seal?.vault !== vault) continue;
    const token = kvKeyOf(platform, vault, namespace, seal.token.secret, seal.token.key);
    if (token !== undefined) {
      add(token.path, token.key, { tokenOf: seal.role }, ["vaults", name, "seal"]);
    }
  }
  for (const { path, key, by, at } of keys) {
    if (key !== undefined) add(path, key, { prompt: `${key} of ${path}, for ${by}` }, at);
  }
  return seeds;
}
