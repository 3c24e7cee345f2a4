/** How urgent an alert is. */
export type AlertSeverity = "critical" | "warning";

/** An alert: how urgent it is, how long its condition must hold, and exactly one condition. */
export interface Alert extends AlertConditions {
  /** Decides who is told. */
  severity: AlertSeverity;
  /** How long the condition must hold, such as `5m`. */
  for: string;
  /** Where it is written what to do. */
  runbook?: string;
}

/** What alerts can be about. An alert has exactly one of these. */
export interface AlertConditions {
  /** A target of Prometheus does not answer. */
  targetDown?: TargetDown;
  /** A Deployment or StatefulSet that should have pods has none that is ready. */
  applicationDown?: InNamespaces;
  /** A Deployment or StatefulSet has fewer ready pods than it should. */
  replicasMissing?: InNamespaces;
  /** A container restarts again and again. */
  crashLooping?: CrashLooping;
  /** A pod that belongs to no Job has failed, or does not start. */
  podNotRunning?: InNamespaces;
  /** A Job has failed. */
  jobFailed?: InNamespaces;
  /** Containers come near to their limits. */
  containerNearLimit?: ContainerNearLimit;
  /** Too many requests end in an error. */
  errorRate?: ErrorRate;
  /** Requests take too long. */
  latency?: Latency;
  /** The exporter of a database cannot reach it. */
  databaseDown?: OfDatabase;
  /** A replica of a database is behind. */
  replicationLag?: ReplicationLag;
  /** A node is not ready. */
  nodeNotReady?: true;
  /** A node has little CPU or memory left. */
  nodeBusy?: NodeBusy;
  /** A file system of a node has little space left. */
  nodeDiskSpace?: BelowPercent;
  /** A persistent volume has little space left. */
  volumeSpace?: BelowPercent;
  /** A certificate expires soon. */
  certificateExpiry?: CertificateExpiry;
  /** A certificate is not issued. */
  certificateNotReady?: true;
  /** A backup CronJob has not succeeded for too long. */
  backupAge?: BackupAge;
  /** A Velero schedule has made no backup for too long. */
  veleroBackupAge?: VeleroBackupAge;
  /** The newest backup that a store has of something is too old. */
  storedBackupAge?: StoredBackupAge;
  /** No backup of something was restored for too long. */
  restoredBackupAge?: StoredBackupAge;
  /** An Argo CD Application is out of sync, or not healthy. */
  argoApplication?: true;
  /** A MinIO cluster has lost drives. */
  minioDrivesOffline?: true;
  /** A Longhorn volume has lost replicas. */
  longhornVolumeDegraded?: true;
}

/** Targets of Prometheus. */
export interface TargetDown {
  /** Jobs, which have the names of Services; all when absent. */
  jobs?: string[];
}

/** Things in some namespaces. */
export interface InNamespaces {
  /** Namespaces; all of the platform's own when absent. */
  namespaces?: string[];
}

/** How many restarts are too many. */
export interface CrashLooping extends InNamespaces {
  /** Restarts within 15 minutes that are still all right. @default 3 */
  aboveRestarts: number;
}

/** CPU or memory. */
export type ComputeResource = "cpu" | "memory";

/** How near to its limit a container may come. */
export interface ContainerNearLimit extends InNamespaces {
  /** Of what. */
  resource: ComputeResource;
  /** Share of the limit, in percent. */
  abovePercent: number;
}

/** How much of a node may be in use. */
export interface NodeBusy {
  /** Of what. */
  resource: ComputeResource;
  /** Share of the node's, in percent. */
  abovePercent: number;
}

/** A share of requests that fail. */
export interface ErrorRate extends OfSeries {
  /** Counter of requests, such as `http_requests_total`; the `_count` of a histogram is one too. */
  requests: string;
  /** Label with the HTTP status. @default status */
  statusLabel: string;
  /** Share of requests with status 500 and above, in percent. */
  abovePercent: number;
}

/** How long requests take. */
export interface Latency extends OfSeries {
  /** Histogram in seconds, without `_bucket`, such as `http_request_duration_seconds`. */
  histogram: string;
  /** Which quantile, between 0 and 1. @default 0.95 */
  quantile: number;
  /** Seconds that are still all right. */
  aboveSeconds: number;
}

/** Some series of a metric. */
export interface OfSeries {
  /** Values that labels must have. */
  labels?: Record<string, string>;
  /** Labels that are looked at one by one, such as `route`; all together when absent. */
  by?: string[];
}

/** Databases whose exporters are known; Valkey's is that of Redis, MinIO's is its own. */
export type MonitoredDatabase = "mongodb" | "redis" | "postgres";

/** A kind of database. */
export interface OfDatabase {
  /** Which kind. */
  database: MonitoredDatabase;
}

/** How far replicas may be behind. */
export interface ReplicationLag extends OfDatabase {
  /** Seconds that are still all right. */
  aboveSeconds: number;
}

/** How little may be left. */
export interface BelowPercent {
  /** Share that is left, in percent. */
  belowPercent: number;
}

/** How near the end of a certificate may come. */
export interface CertificateExpiry {
  /** Days that are left. */
  belowDays: number;
}

/** How old the newest success of a backup may be. */
export interface BackupAge {
  /** Hours that are still all right. */
  aboveHours: number;
  /** CronJobs; all of the platform's `backups.jobs` when absent. Suspended ones do not count. */
  cronJobs?: string[];
}

/** How old the newest backup of a schedule may be. */
export interface VeleroBackupAge {
  /** Hours that are still all right. */
  aboveHours: number;
  /** Schedules; all when absent. */
  schedules?: string[];
}

/** How long ago something may be that backup tasks tell of each thing that they back up, by their metrics. */
export interface StoredBackupAge {
  /** Hours that are still all right. */
  aboveHours: number;
  /** Kinds of things, such as `postgres` or `vault`; all when absent. */
  kinds?: string[];
}
