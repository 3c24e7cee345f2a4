/** Settings of Longhorn, which its chart installs. Source: Longhorn's documentation. */
export interface Longhorn {
  /** Namespace of Longhorn. @default longhorn-system */
  namespace: string;
  /** Copies of volumes whose class does not say. @default that of the chart */
  defaultReplicas?: number;
  /** Where backups of volumes go. */
  backupTarget?: LonghornBackupTarget;
  /** Jobs by the clock, by name. */
  recurringJobs: Record<string, LonghornRecurringJob>;
}

/** An object store or share for backups of volumes. Source: Longhorn, "Setting a Backup Target". */
export interface LonghornBackupTarget {
  /** URL, such as `s3://longhorn-backups@us-east-1/`. */
  url: string;
  /** Secret with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for other stores than AWS, AWS_ENDPOINTS. */
  secret: string;
  /** How often it is asked for backups that others made. @default 5m0s */
  pollInterval: string;
}

/** A job that Longhorn does on volumes. Source: Longhorn, "Recurring Snapshots and Backups". */
export interface LonghornRecurringJob {
  /** What is done. */
  task: "snapshot" | "snapshot-cleanup" | "snapshot-delete" | "backup" | "filesystem-trim";
  /** When, as a cron line in UTC. */
  cron: string;
  /** Snapshots or backups that are kept of each volume. */
  retain: number;
  /** Volumes at a time. @default 2 */
  concurrency: number;
  /** Groups of volumes it is done on; `default` are those whose class names no group and no job. @default [default] */
  groups: string[];
  /** With `backup`: each how many backups one is made in full, which finds and mends damage. @default never */
  fullBackupEvery?: number;
}

/** Volumes of a class that Longhorn gives. Source: Longhorn, "Storage Class Parameters". */
export interface LonghornClass {
  /** Copies of each volume, on different nodes. */
  replicas: number;
  /** Time after which a copy that failed is cleaned up, in minutes. @default 2880 */
  staleReplicaTimeoutMinutes: number;
  /** File system of the volumes. @default ext4 */
  fsType: "ext4" | "xfs";
  /** Whether a copy is kept on the node whose pod uses the volume. @default disabled */
  dataLocality: "disabled" | "best-effort" | "strict-local";
  /** Encrypt volumes, and with them their backups. */
  encrypted?: LonghornEncryption;
  /** Groups of recurring jobs that volumes belong to. @default the group default */
  recurringJobGroups?: string[];
}

/** The key of encrypted volumes. Source: Longhorn, "Volume Encryption". */
export interface LonghornEncryption {
  /** Secret in Longhorn's namespace with CRYPTO_KEY_VALUE, CRYPTO_KEY_PROVIDER and what else dm-crypt is told. */
  secret: string;
}
