import type { CompleteVaultConfiguration } from "../../platform/vault_configuration.ts";
import type { DatabaseRole, PkiRole, TransitKey, VaultMount } from "../../platform/types.ts";
import type { DesiredEntry, FieldValue } from "../../vault/configure/desired.ts";
import type { Because } from "./because.ts";
import { seconds } from "./duration.ts";

/** Settings, keys and roles of secrets engines. */
export function engineEntries(
  { mounts }: CompleteVaultConfiguration,
  address: string,
  because: Because,
): DesiredEntry[] {
  return Object.entries(mounts).flatMap(([mount, options]) => [
    ...kvSettings(mount, options),
    ...Object.entries(options.transitKeys ?? {}).map(([name, key]) => ({
      ...transitKey(mount, name, key),
      ...because(`keys/${mount}/${name}`),
    })),
    ...options.type === "pki" ? pkiSettings(mount, address) : [],
    ...Object.entries(options.pkiRoles ?? {}).map(([name, role]): DesiredEntry => ({
      kind: "PKI role",
      name: `${mount}/${name}`,
      path: `${mount}/roles/${name}`,
      fields: pkiRole(role),
    })),
    ...Object.entries(options.databaseRoles ?? {}).map(([name, role]) =>
      databaseRole(mount, name, role)
    ),
  ]);
}

function kvSettings(mount: string, { type, maxVersions }: VaultMount): DesiredEntry[] {
  return type !== "kv-v2" || maxVersions === undefined ? [] : [{
    kind: "KV settings",
    name: mount,
    path: `${mount}/config`,
    fields: { max_versions: maxVersions },
  }];
}

/** Its type is for ever, and it never leaves Vault. Source: Vault API, Transit, "Create key" and "Update key configuration". */
function transitKey(mount: string, name: string, key: TransitKey): DesiredEntry {
  const { type = "aes256-gcm96", autoRotatePeriod } = key;
  return {
    kind: "Transit key",
    name: `${mount}/${name}`,
    path: `${mount}/keys/${name}`,
    settingsPath: `${mount}/keys/${name}/config`,
    fixed: { type, exportable: false },
    fields: autoRotatePeriod === undefined ? {} : { auto_rotate_period: seconds(autoRotatePeriod) },
  };
}

/**
 * Where certificates say that their authority and its revocations are found; and that Vault forgets certificates some
 * days after their end, of which short-lived ones would fill its storage. Source: Vault API, PKI, "Set URLs" and
 * "Configure automatic tidy".
 */
function pkiSettings(mount: string, address: string): DesiredEntry[] {
  const api = `${address}/v1/${mount}`;
  return [{
    kind: "PKI settings",
    name: `${mount}/urls`,
    path: `${mount}/config/urls`,
    fields: { issuing_certificates: [`${api}/ca`], crl_distribution_points: [`${api}/crl`] },
  }, {
    kind: "PKI settings",
    name: `${mount}/auto-tidy`,
    path: `${mount}/config/auto-tidy`,
    fields: { enabled: true, tidy_cert_store: true, tidy_revoked_certs: true },
  }];
}

/** Source: Vault API, PKI, "Create/update role". */
function pkiRole(role: PkiRole): Record<string, FieldValue> {
  const usages = role.usages ?? ["client", "server"];
  return {
    allowed_domains: role.allowedDomains,
    allow_bare_domains: role.allowBareDomains ?? true,
    allow_subdomains: role.allowSubdomains ?? false,
    allow_ip_sans: role.allowIpSans ?? false,
    allow_localhost: false,
    max_ttl: seconds(role.maxTtl),
    // Vault's own, RSA, refuses what cert-manager asks for with the keys that certificates have here.
    key_type: "ec",
    key_bits: 256,
    server_flag: usages.includes("server"),
    client_flag: usages.includes("client"),
    // Certificates are known by their alternative names, and cert-manager asks for no other one.
    require_cn: false,
  };
}

/** Source: Vault API, database secrets engine, "Create role" and "Create static role". */
function databaseRole(mount: string, name: string, role: DatabaseRole): DesiredEntry {
  const { connection, creationStatements, username } = role;
  if (username !== undefined) {
    return {
      kind: "database role",
      name: `${mount}/${name}`,
      path: `${mount}/static-roles/${name}`,
      // Whose password it is cannot be changed: another user wants another role.
      fixed: { db_name: connection, username },
      fields: { rotation_period: seconds(role.rotationPeriod ?? "720h") },
    };
  }
  return {
    kind: "database role",
    name: `${mount}/${name}`,
    path: `${mount}/roles/${name}`,
    fields: {
      db_name: connection,
      creation_statements: creationStatements ?? [],
      default_ttl: seconds(role.defaultTtl ?? "1h"),
      max_ttl: seconds(role.maxTtl ?? "24h"),
    },
  };
}
