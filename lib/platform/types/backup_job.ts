import type { RetentionPolicy } from "../../core/retention.ts";
import type { BackupNotices } from "./backup_notices.ts";
import type { SecretKey } from "./container.ts";

/** For how long backups are kept. */
export type BackupRetention = RetentionPolicy;

/** A task that jobs can run, as it stands after `deno task`. */
export type BackupTask =
  | "backup-postgres"
  | "backup-mongodb"
  | "backup-clickhouse"
  | "backup-volume"
  | "backup-vault"
  | "sealing-keys backup"
  | "backup-etcd"
  | "verify-backups"
  | "prune-backups"
  | "copy-backups";

/** One job: a task of this repository, and when it runs. What it says the task need not be told. */
export interface BackupJob {
  /** Where it runs: as a CronJob, or by a systemd timer on a host. @default "cluster" */
  runsOn?: "cluster" | "host";
  /** Namespace of the CronJob; needed on the cluster. */
  namespace?: string;
  /** When it runs, as a cron line in UTC. */
  schedule: string;
  /** Up to how much later than its schedule it may start, by chance, such as `5m`; only on hosts. */
  jitter?: string;
  /** Task of this repository that it runs. */
  task: BackupTask;
  /** Longest time that a run may take, in seconds. */
  deadlineSeconds: number;
  /** Secrets whose every key becomes an environment variable. */
  envFromSecrets?: string[];
  /**
   * Secret with `tls.crt`, `tls.key` and `ca.crt`, such as one of the platform's `certificates`, by which it and the
   * Postgres that it backs up know each other.
   */
  clientCertificate?: string;
  /**
   * Authority of the certificate of the Postgres that it backs up, in PEM, where it shows none of its own and the
   * authority is none that everybody knows.
   */
  serverAuthority?: SecretKey;
  /** One of the `stores`, where it puts what it makes, or finds what it works on. */
  store?: string;
  /** With `copy-backups`: one of the `stores`, from which it copies. */
  from?: string;
  /** For how long backups are kept; the job itself removes older ones. */
  keep?: BackupRetention;
  /** With `keep`: only backups that were restored once count. @default false */
  requireVerified?: boolean;
  /** What it backs up, or works on: section and name, such as `mongodb/main` or `vaults/vault`. */
  covers?: string[];
  /** Databases by name. @default all */
  databases?: string[];
  /** URL of the server, without a password. @default as the platform says */
  connection?: string;
  /** Whether the client runs beside the task, or in the server's own pod. @default "connection" */
  via?: "connection" | "exec";
  /** With `verify-backups`: SQL that must succeed in what was restored, and answer with at least one row. */
  query?: string;
  /** Who is told of its runs; each part in place of that of `backups.notify`. */
  notify?: BackupNotices;
}
