import type { BackupStore } from "./backup_store.ts";
import type { Velero } from "./velero.ts";
import type { Resources, RunAs } from "./container.ts";

export type * from "./backup_store.ts";
export type * from "./velero.ts";

/** Sections of a platform about backups. */
export interface BackupSections {
  /** What is backed up, how often, where to, and for how long. */
  backups?: Backups;
}

/** What is backed up, how often, where to, and for how long. */
export interface Backups {
  /** Where backups are kept, by name. */
  stores: Record<string, BackupStore>;
  /** Image that holds Deno and this repository; jobs need it. */
  image?: string;
  /** Why the jobs do not run yet; they are suspended as long as this is given. */
  suspendedBecause?: string;
  /** What a job's pod is promised, and what it may use at most; jobs need it. */
  resources?: Resources;
  /** Under which identity the jobs run. @default {user: 65532, group: 65532} */
  runAs: RunAs;
  /** age recipients by the name of who has the identity; each alone can open what the jobs make. @default not encrypted */
  holders?: Record<string, string>;
  /** CronJobs that back up what Velero cannot do consistently, such as databases, by name. */
  jobs: Record<string, BackupJob>;
  /** Backups of objects and volumes by Velero. */
  velero?: Velero;
  /** What needs no backup, such as `valkey/sessions`, each with the reason. */
  uncovered: Record<string, string>;
  /** How soon and with what loss the platform must be back, by what has happened. */
  objectives: Record<string, RecoveryObjective>;
}

/** One backup. */
export interface BackupJob {
  /** Namespace of the CronJob. */
  namespace: string;
  /** When it runs, as a cron line in UTC. */
  schedule: string;
  /** Task of this repository that it runs. */
  task: string;
  /** Longest time that a run may take, in seconds. */
  deadlineSeconds: number;
  /** Secrets whose every key becomes an environment variable. */
  envFromSecrets?: string[];
  /**
   * Secret with `tls.crt`, `tls.key` and `ca.crt`, such as one of the platform's `certificates`, by which it and the
   * Postgres that it backs up know each other.
   */
  clientCertificate?: string;
  /** One of the `stores`, where it puts what it makes. */
  store?: string;
  /** For how long its backups are kept; the job itself removes older ones. */
  keep?: BackupRetention;
  /** What it backs up: section and name, such as `mongodb/main` or `vaults/vault`. */
  covers?: string[];
}

/**
 * For how long backups are kept: `hours` or `days` alone, or any of the others together, of which each keeps the
 * newest backup of that many hours, days, weeks or months.
 */
export interface BackupRetention {
  /** All backups of this many hours. */
  hours?: number;
  /** All backups of this many days. */
  days?: number;
  /** One backup for each of the last hours. */
  hourly?: number;
  /** One backup for each of the last days. */
  daily?: number;
  /** One backup for each of the last weeks. */
  weekly?: number;
  /** One backup for each of the last months. */
  monthly?: number;
}

/** How soon and with what loss a platform must be back after something has happened. */
export interface RecoveryObjective {
  /** Longest time until it is back, such as `4h`. */
  recoveryTime?: string;
  /** Longest time before it happened whose changes may be lost, such as `6h`. */
  recoveryPoint?: string;
  /** What brings it back, such as a replica or one of the backups. */
  by?: string;
}
