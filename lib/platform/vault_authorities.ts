import type { KeyOfSecret, Platform, VaultAgent } from "./types.ts";
import { agentAddress, hasOwnAuthority } from "./vault_clients.ts";
import { vaultAt, vaultCaKey, vaultCaSecret } from "./vaults.ts";

/** A platform in which each client of one of its Vaults says which authority it trusts. */
export function withVaultAuthorities(platform: Platform): Platform {
  // Most platforms have none, and are rendered often.
  if (!Object.keys(platform.vaults).some((name) => hasOwnAuthority(platform, name))) {
    return platform;
  }
  const trusting = <T extends { caSecret?: KeyOfSecret }>(client: T, address?: string): T => {
    const caSecret = client.caSecret ?? authorityAt(platform, address);
    return caSecret === undefined ? client : { ...client, caSecret };
  };
  const agent = <T extends { vaultAgent?: VaultAgent }>(options: T): T =>
    options.vaultAgent === undefined ? options : {
      ...options,
      vaultAgent: trusting(options.vaultAgent, agentAddress(options.vaultAgent, platform)),
    };
  const source = <T extends { vault?: { server: string; caSecret?: KeyOfSecret } }>(
    options: T,
  ): T =>
    options.vault === undefined
      ? options
      : { ...options, vault: trusting(options.vault, options.vault.server) };
  return {
    ...platform,
    secretStores: mapped(platform.secretStores, source),
    issuers: mapped(platform.issuers, source),
    workloads: mapped(platform.workloads, agent),
    cronJobs: mapped(platform.cronJobs, agent),
    postgres: mapped(
      platform.postgres,
      (options) =>
        options.kind === "statefulset" && options.tls !== undefined
          ? { ...options, tls: agent(options.tls) }
          : options,
    ),
  };
}

/** Where a client of a Vault finds the authority; undefined where it needs none. */
function authorityAt(platform: Platform, address = ""): KeyOfSecret | undefined {
  const vault = vaultAt(platform, address);
  return vault !== undefined && hasOwnAuthority(platform, vault)
    ? { name: vaultCaSecret(vault), key: vaultCaKey }
    : undefined;
}

function mapped<T>(section: Record<string, T>, change: (options: T) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(section).map(([name, options]) => [name, change(options)]),
  );
}
