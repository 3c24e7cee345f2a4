import { z } from "zod";
import { resources, runAs } from "./container.ts";
import {
  exporter,
  loginSecret,
  parameters,
  podStorage,
  walArchive,
  workloadBackup,
} from "./data_parts.ts";
import * as part from "./parts.ts";
import { vaultAgent } from "./vault_agent.ts";
import { spread } from "./workload.ts";

/** What Postgres takes without quotes. Source: PostgreSQL, "Identifiers and Key Words". */
const identifier = part.text(
  /^[a-z_][a-z0-9_]{0,62}$/,
  "a name of lower-case letters, digits and underscores, such as shop",
);

/** Source: Postgres Operator, pkg/cluster, userRegexp, and what is left of 63 characters beside a namespace. */
const zalandoUser = part.text(
  /^[a-z]([-_a-z0-9]*[a-z0-9])?$/,
  "a user name of lower-case letters, digits, hyphens and underscores, such as shop",
);

const server = z.strictObject({
  kind: z.literal("statefulset"),
  namespace: part.name,
  image: part.image,
  imagePullSecrets: z.array(part.name).optional(),
  storage: podStorage,
  resources,
  database: identifier,
  secret: loginSecret.describe("The superuser, who owns the database"),
  parameters,
  sharedMemory: part.quantity.default("256Mi").describe("Size of /dev/shm"),
  tls: z.strictObject({
    secret: part.secretName.optional(),
    vaultAgent: vaultAgent.optional(),
    clientCertificates: z.enum(["verify-ca", "verify-full"]).optional(),
  }).superRefine(part.exactlyOneOf("secret", "vaultAgent")).optional(),
  exporter: exporter.optional(),
  runAs: runAs.default({ user: 999, group: 999 }),
  backup: workloadBackup.optional(),
});

const pooler = {
  instances: part.atLeastOne,
  mode: z.enum(["session", "transaction"]),
  resources,
};

const zalando = z.strictObject({
  kind: z.literal("zalando"),
  namespace: part.name,
  team: part.name,
  version: part.text(/^\d\d$/, 'a major version in quotes, such as "15"'),
  image: part.image.optional(),
  instances: part.atLeastOne,
  storage: podStorage,
  resources,
  databases: z.record(identifier, z.string().min(1)).describe("Owner of each database"),
  users: z.record(
    zalandoUser,
    z.strictObject({
      flags: z.array(
        z.enum(["superuser", "createdb", "createrole", "replication", "bypassrls"]),
      ).default([]),
      secretNamespace: part.name.optional().describe("Where its Secret is, if not beside it"),
    }),
  ),
  parameters,
  pooler: z.strictObject({ ...pooler, maxConnections: part.atLeastOne.optional() }).optional(),
  walArchive: walArchive.optional(),
  exporter: exporter.optional(),
  synchronous: z.boolean().default(false).describe("A commit waits for a standby"),
});

const cnpg = z.strictObject({
  kind: z.literal("cnpg"),
  namespace: part.name,
  image: part.image,
  instances: part.atLeastOne,
  storage: podStorage,
  walStorage: podStorage.optional(),
  resources,
  database: identifier,
  owner: identifier,
  parameters,
  requireTls: z.boolean().default(true),
  synchronousStandbys: part.count.default(0),
  spread: spread.optional(),
  pooler: z.strictObject(pooler).optional(),
  walArchive: walArchive.optional(),
});

/** @ignore */
export const postgres = z.discriminatedUnion("kind", [server, zalando, cnpg]);
