import type { BackupJob } from "./backup_job.ts";
import type { BackupNotices } from "./backup_notices.ts";
import type { BackupStore } from "./backup_store.ts";
import type { Resources, RunAs } from "./container.ts";
import type { Velero } from "./velero.ts";

export type * from "./backup_job.ts";
export type * from "./backup_notices.ts";
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
  /** age recipients by the name of who has the identity; each alone can open what the jobs make. */
  holders?: Record<string, string>;
  /** Why backups may be stored in the clear; in place of `holders`. Secrets never are. */
  unencrypted?: string;
  /** Who is told of each run. */
  notify?: BackupNotices;
  /** What backs up, verifies, copies and prunes what Velero cannot do consistently, such as databases, by name. */
  jobs: Record<string, BackupJob>;
  /** Backups of objects and volumes by Velero. */
  velero?: Velero;
  /** What needs no backup, such as `valkey/sessions`, each with the reason. */
  uncovered: Record<string, string>;
  /** How soon and with what loss the platform must be back, by what has happened. */
  objectives: Record<string, RecoveryObjective>;
}

/** How soon and with what loss a platform must be back after something has happened. */
export interface RecoveryObjective {
  /** Longest time until it is back, such as `4h`. */
  recoveryTime?: string;
  /** Longest time before it happened whose changes may be lost, such as `6h`. */
  recoveryPoint?: string;
  /** What brings it back, such as a replica or one of the backups; `jobs` that it names are held against `recoveryPoint`. */
  by?: string;
}
