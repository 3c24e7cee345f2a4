import { mountOf, vaultConfigurationOf } from "../../platform/vault_configuration.ts";
import type { Platform, VaultMount, VaultSeed } from "../../platform/types.ts";
import { vaultAddress } from "../../platform/vaults.ts";
import type {
  DesiredAuthority,
  DesiredMount,
  DesiredSecret,
  DesiredVault,
  SeedSource,
} from "../../vault/configure/desired.ts";
import { becauseOf } from "./because.ts";
import { authEntries, type KubernetesSurroundings } from "./desired_auth.ts";
import { engineEntries } from "./desired_engines.ts";
import { seconds } from "./duration.ts";

/** What a platform file cannot say of a Vault's surroundings. */
export interface VaultSurroundings {
  /** How Vault reaches the API server that reviews tokens. */
  kubernetes: KubernetesSurroundings;
}

/**
 * What is to be in a Vault of a platform, in the words of Vault's API.
 *
 * @example
 * ```ts
 * const desired = desiredVault(platform, "vault", { kubernetes: { host: "https://kubernetes.default.svc" } });
 * ```
 */
export function desiredVault(
  platform: Platform,
  name: string,
  surroundings: VaultSurroundings,
): DesiredVault {
  const configuration = vaultConfigurationOf(platform, name);
  const { mounts, auth, audit, seeds, readWhole } = configuration;
  const because = becauseOf(configuration);
  const secretAt = (path: string): DesiredSecret => splitPath(path, mounts);
  const address = vaultAddress(name, platform.vaults[name]!);
  return {
    audit: Object.entries(audit).map(([path, { type, path: file }]) => ({
      path,
      type,
      options: { file_path: file },
    })),
    mounts: Object.entries(mounts).map(([path, mount]) => ({
      path,
      ...mountFields(mount),
      ...because(`mounts/${path}`),
    })),
    // The method `token` is always there.
    auth: Object.entries(auth).filter(([, { type }]) => type !== "token").map((
      [path, { type }],
    ) => ({
      path,
      type,
      ...because(`auth/${path}`),
    })),
    entries: [
      ...Object.entries(configuration.policies).map(([policy, { paths }]) => ({
        kind: "policy" as const,
        name: policy,
        path: `sys/policies/acl/${policy}`,
        fields: { policy: policyText(paths) },
        ...because(`policies/${policy}`),
      })),
      ...engineEntries(configuration, address, because),
      ...authEntries(configuration, surroundings.kubernetes, because),
    ],
    authorities: authoritiesInOrder(mounts),
    connections: Object.entries(mounts).flatMap(([mount, { connections = {} }]) =>
      Object.entries(connections).map(([connection, { url, allowedRoles, credentials }]) => ({
        mount,
        name: connection,
        url,
        allowedRoles,
        credentials: {
          ...secretAt(credentials.path),
          usernameKey: credentials.usernameKey,
          passwordKey: credentials.passwordKey,
        },
      }))
    ),
    seeds: Object.entries(seeds).map(([path, keys]) => ({
      ...secretAt(path),
      keys: Object.fromEntries(
        Object.entries(keys).map(([key, seed]) => [key, sourceOf(seed)]),
      ),
    })),
    readWhole: readWhole.map(({ path, by }) => ({ ...secretAt(path), because: by })),
  };
}

/** A policy in Vault's language. Source: Vault, "Policies", policy syntax. */
export function policyText(paths: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(paths).map(([path, capabilities]) =>
    `path ${JSON.stringify(path)} {\n  capabilities = [${
      capabilities.map((capability) => JSON.stringify(capability)).join(", ")
    }]\n}\n`
  ).join("\n");
}

function mountFields(mount: VaultMount): Omit<DesiredMount, "path"> {
  const { type, description, maxLeaseTtl, authority } = mount;
  const longest = maxLeaseTtl ?? authority?.ttl;
  return {
    ...type === "kv-v2" ? { type: "kv", options: { version: "2" } } : { type },
    ...description === undefined ? {} : { description },
    ...longest === undefined ? {} : { maxLeaseSeconds: seconds(longest) },
  };
}

/** Who signs comes before whom it signs. */
function authoritiesInOrder(mounts: Readonly<Record<string, VaultMount>>): DesiredAuthority[] {
  const placed = new Map<string, DesiredAuthority>();
  const place = (mount: string): void => {
    const authority = mounts[mount]?.authority;
    if (authority === undefined || placed.has(mount)) return;
    const { commonName, ttl, signedBy, keyType = "ec" } = authority;
    if (signedBy !== undefined) place(signedBy);
    placed.set(mount, {
      mount,
      commonName,
      ttlSeconds: seconds(ttl),
      keyType,
      keyBits: authority.keyBits ?? (keyType === "ec" ? 256 : 4096),
      ...signedBy === undefined ? {} : { signedBy },
    });
  };
  Object.keys(mounts).forEach(place);
  return [...placed.values()];
}

function splitPath(path: string, mounts: Readonly<Record<string, VaultMount>>): DesiredSecret {
  const mount = mountOf(path, Object.keys(mounts)) ?? path.split("/")[0]!;
  return { mount, path: path.slice(mount.length + 1) };
}

function sourceOf(seed: VaultSeed): SeedSource {
  const { value, generate, prompt, file, roleIdOf, secretIdOf, tokenOf } = seed;
  if (value !== undefined) return { from: "text", text: value };
  if (generate !== undefined) {
    const { length, alphabet = "alphanumeric" } = generate;
    return { from: "random", length, alphabet };
  }
  if (prompt !== undefined) return { from: "person", question: prompt };
  if (file !== undefined) return { from: "file", file };
  if (tokenOf !== undefined) return { from: "token", role: tokenOf };
  const role = roleIdOf ?? secretIdOf ?? "";
  const slash = role.lastIndexOf("/");
  return {
    from: roleIdOf === undefined ? "secret-id" : "role-id",
    mount: role.slice(0, slash),
    role: role.slice(slash + 1),
  };
}
