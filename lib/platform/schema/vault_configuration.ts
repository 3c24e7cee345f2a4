import { z } from "zod";
import * as part from "./parts.ts";

const names = z.array(z.string().min(1)).min(1);

const path = part.text(
  /^[^/\s](\S*[^/\s])?$/,
  "a path without slashes at its ends, such as secret",
);

const period = part.text(/^\d+(s|m|h)?$/, "a duration such as 90s, 30m or 72h");

const authority = z.strictObject({
  commonName: z.string().min(1),
  ttl: period,
  signedBy: path.optional(),
  keyType: z.enum(["ec", "rsa"]).optional(),
  keyBits: z.int().optional(),
});

const pkiRole = z.strictObject({
  allowedDomains: names,
  allowBareDomains: z.boolean().optional(),
  allowSubdomains: z.boolean().optional(),
  allowIpSans: z.boolean().optional(),
  maxTtl: period,
  usages: z.array(z.enum(["client", "server"])).min(1).optional(),
});

const transitKey = z.strictObject({
  type: z.enum(["aes256-gcm96", "chacha20-poly1305", "ed25519", "ecdsa-p256", "rsa-4096"])
    .optional(),
  autoRotatePeriod: period.optional(),
});

const connection = z.strictObject({
  url: part.text(
    /^postgres(ql)?:\/\/\{\{username\}\}:\{\{password\}\}@\S+$/,
    "a URL such as postgresql://{{username}}:{{password}}@postgres:5432/postgres",
  ),
  credentials: z.strictObject({ path, usernameKey: part.dataKey, passwordKey: part.dataKey }),
  allowedRoles: names,
});

const databaseRole = z.strictObject({
  connection: z.string().min(1),
  creationStatements: names.optional(),
  defaultTtl: period.optional(),
  maxTtl: period.optional(),
  username: z.string().min(1).optional(),
  rotationPeriod: period.optional(),
}).superRefine(part.exactlyOneOf("creationStatements", "username"));

const mount = z.strictObject({
  type: z.enum(["kv-v2", "pki", "transit", "database"]),
  description: z.string().optional(),
  maxVersions: part.atLeastOne.optional(),
  maxLeaseTtl: period.optional(),
  authority: authority.optional(),
  pkiRoles: z.record(z.string().min(1), pkiRole).optional(),
  transitKeys: z.record(z.string().min(1), transitKey).optional(),
  connections: z.record(z.string().min(1), connection).optional(),
  databaseRoles: z.record(z.string().min(1), databaseRole).optional(),
});

const capability = z.enum([
  "create",
  "read",
  "update",
  "patch",
  "delete",
  "list",
  "sudo",
  "deny",
]);

const account = part.text(/^[a-z0-9.-]+\/[a-z0-9.-]+$/, "a service account as namespace/name");

const auth = z.strictObject({
  type: z.enum(["kubernetes", "approle", "token"]),
  kubernetesRoles: z.record(
    z.string().min(1),
    z.strictObject({
      serviceAccounts: z.array(account).min(1),
      audience: z.string().min(1).optional(),
      policies: names,
      tokenTtl: period.optional(),
    }),
  ).optional(),
  appRoles: z.record(
    z.string().min(1),
    z.strictObject({
      policies: names,
      tokenTtl: period.optional(),
      secretIdTtl: period.optional(),
      secretIdUses: part.count.optional(),
      boundCidrs: z.array(part.cidr).min(1).optional(),
    }),
  ).optional(),
  tokenRoles: z.record(
    z.string().min(1),
    z.strictObject({ policies: names, period }),
  ).optional(),
});

const seed = z.strictObject({
  value: z.string().optional(),
  generate: z.strictObject({
    length: z.int().min(8).max(4096),
    alphabet: z.enum(["alphanumeric", "hex", "base64url", "symbols"]).optional(),
  }).optional(),
  prompt: z.string().min(1).optional(),
  file: z.string().min(1).optional(),
  roleIdOf: path.optional(),
  secretIdOf: path.optional(),
  tokenOf: path.optional(),
}).superRefine(
  part.exactlyOneOf(
    "value",
    "generate",
    "prompt",
    "file",
    "roleIdOf",
    "secretIdOf",
    "tokenOf",
  ),
);

/** @ignore */
export const vaultConfiguration = z.strictObject({
  mounts: z.record(path, mount).optional(),
  policies: z.record(
    z.string().min(1),
    z.strictObject({
      paths: z.record(z.string().min(1), z.array(capability).min(1)),
    }),
  ).optional(),
  auth: z.record(path, auth).optional(),
  audit: z.record(
    path,
    z.strictObject({ type: z.enum(["file"]), path: z.string().min(1) }),
  ).optional(),
  seeds: z.record(path, z.record(part.dataKey, seed)).optional(),
});
