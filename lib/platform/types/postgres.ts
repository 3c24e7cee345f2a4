import type { Resources, RunAs } from "./container.ts";
import type { Exporter, LoginSecret, ObjectStorage, PodStorage } from "./data_parts.ts";
import type { VaultAgent } from "./vault_agent.ts";
import type { Spread, WorkloadBackup } from "./workload.ts";

/** A Postgres server or cluster, by who runs it. */
export type Postgres = PostgresServer | ZalandoCluster | CnpgCluster;

/** One Postgres server in a StatefulSet of the platform's own. Source: Docker Official Images, "postgres". */
export interface PostgresServer {
  /** A StatefulSet. */
  kind: "statefulset";
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image that takes the variables of the official one, with a tag or digest. */
  image: string;
  /** Secrets that may pull the image. */
  imagePullSecrets?: string[];
  /** Where its data is. */
  storage: PodStorage;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
  /** Database that is made at the first start. */
  database: string;
  /** Its superuser, who owns the database. */
  secret: LoginSecret;
  /** Settings of postgresql.conf, by name. */
  parameters: Record<string, string>;
  /** Size of /dev/shm, where parallel queries meet; it counts against the memory limit. @default 256Mi */
  sharedMemory: string;
  /** Certificates; without them, connections are not encrypted. */
  tls?: PostgresTls;
  /** postgres_exporter beside it. */
  exporter?: Exporter;
  /** Under which identity it runs. @default that of Debian's image, 999 */
  runAs: RunAs;
  /** Whether its volume is backed up. */
  backup?: WorkloadBackup;
}

/**
 * Where a Postgres server finds its certificate: exactly one of `secret` and `vaultAgent`. All connections from other
 * pods must be encrypted then. Source: PostgreSQL, "Secure TCP/IP Connections with SSL".
 */
export interface PostgresTls {
  /** A Secret with `tls.crt`, `tls.key` and `ca.crt`, as cert-manager makes them. */
  secret?: string;
  /** A Vault Agent that renders `tls.crt`, `tls.key` and `ca.crt`, and has Postgres read them again. */
  vaultAgent?: VaultAgent;
  /** Clients must show a certificate too: `verify-ca` from the CA, `verify-full` in their user's name. @default none */
  clientCertificates?: "verify-ca" | "verify-full";
}

/** A cluster that Zalando's operator runs with Patroni. Source: Postgres Operator, "Cluster manifest reference". */
export interface ZalandoCluster {
  /** A `postgresql` object. */
  kind: "zalando";
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Team that owns it. */
  team: string;
  /** Major version, such as `"15"`. */
  version: string;
  /** Image of Spilo. @default that of the operator */
  image?: string;
  /** Servers: one primary, the others standbys. */
  instances: number;
  /** Where each server's data is. */
  storage: PodStorage;
  /** What each server is promised, and what it may use at most. */
  resources: Resources;
  /** Owner of each database, by the database's name. */
  databases: Record<string, string>;
  /** Users, by name; the operator makes a Secret for each. */
  users: Record<string, ZalandoUser>;
  /** Settings of postgresql.conf, by name. */
  parameters: Record<string, string>;
  /** PgBouncer in front of the primary. */
  pooler?: ZalandoPooler;
  /** Continuous archiving to an object store, for point-in-time recovery. */
  walArchive?: WalArchive;
  /** postgres_exporter beside each server. */
  exporter?: Exporter;
  /** A commit waits until a standby has it, so that a failover loses nothing. @default false */
  synchronous: boolean;
}

/** A user of a Zalando cluster. */
export interface ZalandoUser {
  /** Rights in the whole cluster. */
  flags: ("superuser" | "createdb" | "createrole" | "replication" | "bypassrls")[];
  /**
   * Namespace of the user's Secret, where another than the cluster's. The user is called `<namespace>.<name>` then,
   * and the operator must be told to `enable_cross_namespace_secret`.
   */
  secretNamespace?: string;
}

/** PgBouncer in front of a Zalando cluster. */
export interface ZalandoPooler {
  /** Pods. */
  instances: number;
  /** How long a client keeps its connection. */
  mode: "session" | "transaction";
  /** What each pod is promised, and what it may use at most. */
  resources: Resources;
  /** Connections to the server at most, for each database. @default that of the operator */
  maxConnections?: number;
}

/** Continuous archiving of a Postgres cluster. */
export interface WalArchive extends ObjectStorage {
  /** When a base backup is made, as a cron line in UTC. */
  baseBackupSchedule: string;
  /** Days that base backups, and the WAL after them, are kept. */
  keepForDays: number;
}

/** A cluster that CloudNativePG runs. Source: CloudNativePG, "API Reference". */
export interface CnpgCluster {
  /** A `Cluster` object. */
  kind: "cnpg";
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image of the server, with a tag or digest that says the major version. */
  image: string;
  /** Servers: one primary, the others standbys. */
  instances: number;
  /** Where each server's data is. */
  storage: PodStorage;
  /** Where each server's WAL is. @default with the data */
  walStorage?: PodStorage;
  /** What each server is promised, and what it may use at most. */
  resources: Resources;
  /** Database that is made with the cluster. */
  database: string;
  /** Owner of the database, whose Secret `<cluster>-app` the operator makes. */
  owner: string;
  /** Settings of postgresql.conf, by name. */
  parameters: Record<string, string>;
  /** Refuse connections without TLS. @default true */
  requireTls: boolean;
  /** Standbys that must have a commit before it counts. @default 0 */
  synchronousStandbys: number;
  /** How the servers are kept apart. @default never two on a node, and over zones where possible */
  spread?: Spread;
  /** PgBouncer in front of the primary. */
  pooler?: CnpgPooler;
  /** Continuous archiving to an object store, by the Barman Cloud plugin. */
  walArchive?: WalArchive;
}

/** PgBouncer in front of a CloudNativePG cluster. */
export interface CnpgPooler {
  /** Pods. */
  instances: number;
  /** How long a client keeps its connection. */
  mode: "session" | "transaction";
  /** What each pod is promised, and what it may use at most. */
  resources: Resources;
}
