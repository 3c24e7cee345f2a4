import { parseDuration } from "../../core/units.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { DatabaseRole, VaultMount } from "../types.ts";
import { mountOf } from "../vault_configuration.ts";
import { refer } from "./reference.ts";

/** Fields that only one type of engine has. */
const ownFields: Readonly<Record<VaultMount["type"], readonly (keyof VaultMount)[]>> = {
  "kv-v2": ["maxVersions"],
  pki: ["maxLeaseTtl", "authority", "pkiRoles"],
  transit: ["transitKeys"],
  database: ["maxLeaseTtl", "connections", "databaseRoles"],
};

/** Vault's own mounts. Source: Vault, "Secrets engines", system mounts. */
const systemMounts = ["sys", "auth", "identity", "cubbyhole"];

/** Bits that Vault makes keys of. Source: Vault API, PKI, key_bits. */
const keyBits = { ec: [224, 256, 384, 521], rsa: [2048, 3072, 4096, 8192] } as const;

/** Secrets engines, by the path of their mount. */
export type Mounts = Readonly<Record<string, VaultMount>>;

/** Secrets engines have the fields of their type, do not stand in each other, and what they name is there. */
export function checkVaultEngines(path: Path, declared: Mounts, all: Mounts): Mistake[] {
  return Object.entries(declared).flatMap(([mount, options]) => {
    const at = [...path, "mounts", mount];
    return [
      ...checkPlace(at, mount, all),
      ...checkFields(at, options),
      ...(options.type === "pki" ? checkAuthority(at, mount, all) : []),
      ...(options.type === "database" ? checkDatabases(at, options, all) : []),
    ];
  });
}

function checkPlace(path: Path, mount: string, all: Mounts): Mistake[] {
  const first = mount.split("/")[0]!;
  if (systemMounts.includes(first)) {
    return [{ path, message: `${first} is Vault's own, expected another path`, atKey: true }];
  }
  const outer = mountOf(mount, Object.keys(all).filter((other) => other !== mount));
  return outer === undefined
    ? []
    : [{ path, message: `stands inside the engine ${outer}, expected another path`, atKey: true }];
}

function checkFields(path: Path, mount: VaultMount): Mistake[] {
  const own: readonly string[] = ["type", "description", ...ownFields[mount.type]];
  return Object.keys(mount).filter((field) => !own.includes(field)).map((field) => {
    const types = Object.entries(ownFields).filter(([, fields]) =>
      fields.includes(field as keyof VaultMount)
    ).map(([type]) => type);
    return {
      path: [...path, field],
      message: `expected only with type: ${types.join(" or ")}`,
      atKey: true,
    };
  });
}

function checkAuthority(path: Path, mount: string, all: Mounts): Mistake[] {
  const { authority, pkiRoles = {}, maxLeaseTtl } = all[mount]!;
  const longest = maxLeaseTtl ?? authority?.ttl;
  const mistakes = Object.entries(pkiRoles).flatMap(([role, { maxTtl }]) =>
    notLonger([...path, "pkiRoles", role, "maxTtl"], maxTtl, longest, "the engine's longest")
  );
  if (authority === undefined) return mistakes;
  const { signedBy, ttl, keyType = "ec", keyBits: bits } = authority;
  const at = [...path, "authority"];
  mistakes.push(...notLonger([...at, "ttl"], ttl, maxLeaseTtl, "the engine's longest"));
  if (bits !== undefined && !keyBits[keyType].some((known) => known === bits)) {
    mistakes.push({
      path: [...at, "keyBits"],
      message: `${bits}, expected one of ${keyBits[keyType].join(", ")} with keyType: ${keyType}`,
    });
  }
  if (signedBy === undefined) return mistakes;
  const signers = Object.entries(all)
    .filter(([other, { type }]) => other !== mount && type === "pki").map(([other]) => other);
  mistakes.push(...refer([...at, "signedBy"], signedBy, signers, "other pki engine"));
  const signer = all[signedBy];
  if (signer?.type !== "pki") return mistakes;
  const chain = chainOf(mount, all);
  if (chain.includes(mount)) {
    mistakes.push({
      path: [...at, "signedBy"],
      message: `${
        [mount, ...chain].join(" is signed by ")
      }, expected one that signs itself at the end`,
    });
  } else if (signer.authority !== undefined) {
    mistakes.push(
      ...notLonger(
        [...at, "ttl"],
        ttl,
        signer.authority.ttl,
        `the time of ${signedBy}, which signs it,`,
      ),
    );
  }
  return mistakes;
}

/** Who signs an authority, and who signs that one, up to a root or to where it goes round. */
function chainOf(mount: string, all: Mounts): string[] {
  const chain: string[] = [];
  let next = all[mount]?.authority?.signedBy;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = all[next]?.authority?.signedBy;
  }
  return chain;
}

function checkDatabases(path: Path, mount: VaultMount, all: Mounts): Mistake[] {
  const { connections = {}, databaseRoles = {} } = mount;
  return [
    ...Object.entries(connections).flatMap(([name, { allowedRoles, credentials }]) => {
      const at = [...path, "connections", name];
      return [
        ...allowedRoles.flatMap((role, index) =>
          role === "*" ? [] : refer(
            [...at, "allowedRoles", index],
            role,
            Object.keys(databaseRoles),
            "database role",
          )
        ),
        ...checkSecretPath([...at, "credentials", "path"], credentials.path, all),
      ];
    }),
    ...Object.entries(databaseRoles).flatMap(([name, role]) => {
      const at = [...path, "databaseRoles", name];
      const allowed = connections[role.connection]?.allowedRoles;
      return [
        ...refer([...at, "connection"], role.connection, Object.keys(connections), "connection"),
        ...(allowed === undefined || allowed.includes(name) || allowed.includes("*") ? [] : [{
          path: [...at, "connection"],
          message:
            `${role.connection} does not let ${name} use it, expected it among its allowedRoles`,
        }]),
        ...checkDatabaseRole(at, role),
      ];
    }),
  ];
}

function checkDatabaseRole(path: Path, role: DatabaseRole): Mistake[] {
  const isStatic = role.username !== undefined;
  const foreign = isStatic ? ["defaultTtl", "maxTtl"] as const : ["rotationPeriod"] as const;
  const mistakes: Mistake[] = foreign.filter((field) => role[field] !== undefined).map((field) => ({
    path: [...path, field],
    message: `expected only with ${isStatic ? "creationStatements" : "username"}`,
    atKey: true,
  }));
  if (isStatic && role.rotationPeriod === undefined) {
    mistakes.push({
      path: [...path, "rotationPeriod"],
      message: "missing, expected how often the password of username changes, such as 720h",
    });
  }
  return mistakes;
}

/** A secret stands below a KV engine. */
export function checkSecretPath(path: Path, secret: string, all: Mounts, atKey = false): Mistake[] {
  const engines = Object.entries(all).filter(([, { type }]) => type === "kv-v2")
    .map(([mount]) => mount);
  const mount = mountOf(secret, engines);
  if (mount !== undefined && mount !== secret) return [];
  return [{
    path,
    message: mount === undefined
      ? `${secret} is in no kv-v2 engine, expected a path in ${
        engines.join(" or ") || "one, which mounts declares"
      }`
      : `${secret} is the engine itself, expected a path in it such as ${mount}/shop/database`,
    ...(atKey ? { atKey } : {}),
  }];
}

function notLonger(
  path: Path,
  duration: string,
  longest: string | undefined,
  whose: string,
): Mistake[] {
  return longest === undefined || ms(duration) <= ms(longest)
    ? []
    : [{ path, message: `${duration} is more than ${whose} ${longest}, expected at most that` }];
}

function ms(duration: string): number {
  return parseDuration(/\d$/.test(duration) ? `${duration}s` : duration);
}
