import type { Resources, RunAs } from "./workload.ts";

/** Sections of a platform about backups. */
export interface BackupSections {
  /** Backups by schedule. */
  backups?: Backups;
}

/** Backups by CronJobs. */
export interface Backups {
  /** Image that holds Deno and this repository. */
  image: string;
  /** Why the jobs do not run yet; they are suspended as long as this is given. */
  suspendedBecause?: string;
  /** What a job's pod is promised, and what it may use at most. */
  resources: Resources;
  /** Under which identity the jobs run. */
  runAs: RunAs;
  /** The jobs, by name. */
  jobs: Record<string, BackupJob>;
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
}
