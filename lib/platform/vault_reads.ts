import { withOneSource } from "./secret_source.ts";
import type { ExternalSecret, Platform, VaultCapability } from "./types.ts";
import { vaultAt } from "./vaults.ts";

/** Someone who logs in to a Vault, and all that must be allowed. */
export interface VaultNeed {
  /** Where the platform declares who it is. */
  path: readonly string[];
  /** The way of logging in. */
  method: "kubernetes" | "approle" | "token";
  /** Mount of the auth method, without `auth/`. */
  mount: string;
  /** Role that is logged in with. */
  role: string;
  /** `kubernetes`: the service account, as `namespace/name`. */
  account?: string;
  /** `kubernetes`: audience of the account's tokens, where it is not the API server's own. */
  audience?: string;
  /** Capabilities, by path as a policy has it. */
  paths: Readonly<Record<string, readonly VaultCapability[]>>;
}

/** A key of a KV secret that somebody reads. */
export interface NeededKey {
  /** Path in the KV engine with its mount, such as `secret/shop/database`. */
  path: string;
  /** The key; undefined where all of the secret is read, whatever it holds. */
  key?: string;
  /** Who reads it, as people say it. */
  by: string;
  /** Where the platform declares who reads it. */
  at: readonly string[];
}

/** Sections of a platform that say who needs what of a Vault. */
export type VaultNeedSections = Pick<
  Platform,
  | "vaults"
  | "secretStores"
  | "externalSecrets"
  | "issuers"
  | "charts"
  | "workloads"
  | "cronJobs"
  | "identityProviders"
  | "mail"
  | "postgres"
  | "backups"
>;

/** All keys of KV secrets that External Secrets reads from a Vault. */
export function neededKeys(platform: VaultNeedSections, vault: string): NeededKey[] {
  return Object.entries(platform.externalSecrets).flatMap(([name, secret]) => {
    const store = storeOf(platform, vault, secret.store);
    if (store === undefined) return [];
    const by = `the Secret ${secret.namespace}/${name}`;
    return sourcesOf(secret).map(({ path, key }) => ({
      path: `${store.path}/${path}`,
      key,
      by,
      at: ["externalSecrets", name],
    }));
  });
}

/** The values that an ExternalSecret reads, each with its path in the store. */
export function sourcesOf(secret: ExternalSecret): { path: string; key?: string }[] {
  const { from = "", keys = [], keysFrom = {}, pullSecret } = secret;
  return [
    ...keys.map((key) => ({ path: from, key })),
    ...Object.values(keysFrom).map(({ path, property }) => ({ path, key: property })),
    ...(pullSecret === undefined
      ? []
      : [pullSecret.usernameKey, pullSecret.passwordKey].map((key) => ({ path: from, key }))),
  ];
}

/** The KV source of a store that reads from a Vault; undefined where it reads elsewhere. */
export function storeOf(
  platform: Pick<Platform, "vaults" | "secretStores">,
  vault: string,
  name: string,
): NonNullable<Platform["secretStores"][string]["vault"]> | undefined {
  const store = platform.secretStores[name];
  const source = store === undefined ? undefined : withOneSource(store).vault;
  return source !== undefined && vaultAt(platform, source.server) === vault ? source : undefined;
}

/** A key of a KV secret. */
export interface KvKey {
  /** Path with the engine's mount, such as `secret/shop/database`. */
  path: string;
  /** The key. */
  key: string;
}

/** Where in a Vault a key of a Secret comes from; undefined where it comes from elsewhere. */
export function kvKeyOf(
  platform: Pick<Platform, "vaults" | "secretStores" | "externalSecrets">,
  vault: string,
  namespace: string,
  secret: string,
  key: string,
): KvKey | undefined {
  const options = platform.externalSecrets[secret];
  if (options?.namespace !== namespace) return undefined;
  const store = storeOf(platform, vault, options.store);
  const source = options.keysFrom?.[key];
  const path = options.keysFrom === undefined ? options.from : source?.path;
  const property = options.keysFrom === undefined ? key : source?.property;
  return store === undefined || path === undefined || property === undefined
    ? undefined
    : { path: `${store.path}/${path}`, key: property };
}
