import type { PodOptions, ServingOptions } from "./pod.ts";
import type { Because } from "./mount.ts";

/** Sections of a platform about programs. */
export interface WorkloadSections {
  /** Workloads, by name. */
  workloads: Record<string, Workload>;
  /** ConfigMaps that workloads mount or take variables from, by name. */
  configMaps: Record<string, ConfigMapOptions>;
  /** Programs that run by the clock, by name. */
  cronJobs: Record<string, CronJobOptions>;
}

/** Names and access modes of the Kubernetes API. Source: k8s.io/api, core/v1 PersistentVolumeAccessMode. */
export type AccessMode =
  | "ReadWriteOnce"
  | "ReadOnlyMany"
  | "ReadWriteMany"
  | "ReadWriteOncePod";

/** A program that keeps running, with its services, scaling and safety, and what belongs to it. */
export interface Workload extends ServingOptions {
  /** What keeps its pods running. @default "Deployment" */
  kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  /** Fixed number of pods; not together with `autoscaling`, which decides then. @default 1 */
  replicas?: number;
  /** How many pods there are by load. */
  autoscaling?: Autoscaling;
  /** Services in front of the pods, by name. */
  services: Record<string, WorkloadService>;
  /** How pods are replaced by newer ones. @default one more pod at a time, none missing */
  rollout?: Rollout;
  /** Volumes of which each pod has its own, by name. Only of a StatefulSet. */
  volumeClaims?: Record<string, VolumeClaim>;
  /** Start pods one after the other, or all at once. Only of a StatefulSet. @default "OrderedReady" */
  podManagementPolicy?: "OrderedReady" | "Parallel";
  /** How pods are kept apart. */
  spread?: Spread;
  /** How many pods may be missing while nodes are drained. */
  disruptionBudget?: DisruptionBudget;
  /** Where Prometheus reads its metrics. */
  metrics?: Metrics;
  /** Whether its volumes are backed up. */
  backup?: WorkloadBackup;
}

/** Bounds and aims of a HorizontalPodAutoscaler: at least one aim. */
export interface Autoscaling {
  /** Fewest pods. */
  minReplicas: number;
  /** Most pods. */
  maxReplicas: number;
  /** Mean CPU use that is aimed at, in percent of the request. */
  cpuUtilizationPercent?: number;
  /** Mean memory use that is aimed at, in percent of the request. */
  memoryUtilizationPercent?: number;
}

/** A Service. */
export interface WorkloadService {
  /** Ports of the Service by the name of the container port that each leads to. */
  ports: Record<string, number>;
  /** No address of its own: its name leads to each of the pods. @default false */
  headless?: boolean;
  /** Lead to pods that are not ready too. @default false */
  publishNotReady?: boolean;
  /** Who can reach it. @default "ClusterIP" */
  type?: "ClusterIP" | "LoadBalancer" | "NodePort";
  /** `Local` keeps the client's address, and leads to pods on the node that was asked only. */
  externalTrafficPolicy?: "Cluster" | "Local";
  /** Lead a client to the same pod again. */
  sessionAffinity?: "ClientIP";
  /** Annotations, as load balancers read them. */
  annotations?: Record<string, string>;
}

/** Strategy of a rolling update. */
export interface Rollout {
  /** How many pods may be missing. */
  maxUnavailable: number;
  /** How many pods there may be beyond the wanted number; 0 for all but Deployments. @default 0 */
  maxSurge?: number;
}

/** A volume of each pod of a StatefulSet. */
export interface VolumeClaim {
  /** One of the platform's storage classes. */
  storageClass: string;
  /** Capacity, such as `20Gi`. */
  size: string;
  /** How it may be mounted. @default [ReadWriteOnce] */
  accessModes?: AccessMode[];
  /** Labels, by which backups find it. */
  labels?: Record<string, string>;
}

/** How a workload's pods are kept apart: at least one of both. */
export interface Spread {
  /** By node; `required`: never two on a node, one stays Pending instead; `preferred`: as far as possible. */
  antiAffinity?: "required" | "preferred";
  /** By a label of nodes. */
  topology?: TopologySpread;
}

/** A topology spread constraint. Source: k8s.io/api, core/v1 TopologySpreadConstraint. */
export interface TopologySpread {
  /** What is spread over. */
  key: "zone" | "hostname";
  /** How many more pods one may have than another. @default 1 */
  maxSkew?: number;
  /** What becomes of a pod that would break it. @default "ScheduleAnyway" */
  whenUnsatisfiable?: "DoNotSchedule" | "ScheduleAnyway";
}

/** A PodDisruptionBudget: exactly one of both. */
export interface DisruptionBudget {
  /** How many pods an eviction may leave missing. */
  maxUnavailable?: number;
  /** How many pods an eviction must leave. */
  minAvailable?: number;
}

/** Where Prometheus reads metrics. */
export interface Metrics {
  /** Name of a container port, of the program or of one beside it. */
  port: string;
  /** Path of the metrics. @default /metrics */
  path?: string;
  /** Time between reads. @default 30s */
  interval?: string;
}

/** Whether volumes of a workload are backed up. */
export interface WorkloadBackup {
  /** Why they need no backup. */
  none: Because;
}

/** A ConfigMap. Pods that use it are replaced when it changes. */
export interface ConfigMapOptions {
  /** Namespace. */
  namespace: string;
  /** Texts, by key. */
  data: Record<string, string>;
}

/** A program that runs by the clock and ends. Source: k8s.io/api, batch/v1 CronJob. */
export interface CronJobOptions extends PodOptions {
  /** Cron line of five fields. */
  schedule: string;
  /** Time zone of the cron line. @default "Etc/UTC" */
  timeZone?: string;
  /** Why it does not run for now. */
  suspend?: Because;
  /** Time a run may take, in seconds. */
  deadlineSeconds: number;
  /** What happens when the one before still runs. @default "Forbid" */
  concurrency?: "Allow" | "Forbid" | "Replace";
  /** How often a run is tried again. @default 2 */
  retries?: number;
}
