import type { Resources, RunAs } from "./container.ts";
import type { Exporter, PasswordSecret, PodStorage } from "./data_parts.ts";
import type { Toleration } from "./pod.ts";
import type { Spread, WorkloadBackup } from "./workload.ts";

/** What is evicted when memory is full. Source: Redis, "Key eviction". */
export type MaxmemoryPolicy =
  | "noeviction"
  | "allkeys-lru"
  | "allkeys-lfu"
  | "allkeys-random"
  | "volatile-lru"
  | "volatile-lfu"
  | "volatile-random"
  | "volatile-ttl";

/** Redis servers, of which Sentinels make one the master. Source: Redis, "High availability with Redis Sentinel". */
export interface Redis {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image with `redis-server`, `redis-cli` and `sh`, with a tag or digest. */
  image: string;
  /** Secrets that may pull the image. */
  imagePullSecrets?: string[];
  /** Servers. @default 3 */
  replicas: number;
  /** Where each server's data is. */
  storage: PodStorage;
  /** What each server is promised, and what it may use at most. */
  resources: Resources;
  /** Memory that data may take. @default three quarters of the memory limit: the rest is for copies while it is saved */
  maxmemory?: string;
  /** What is evicted when that is full. @default noeviction */
  maxmemoryPolicy: MaxmemoryPolicy;
  /** How data outlives a restart. @default [aof, rdb] */
  persistence: ("aof" | "rdb")[];
  /** The password of clients, of the servers among each other, and of Sentinel. */
  secret: PasswordSecret;
  /** Those who watch the servers and elect the master. */
  sentinel: Sentinel;
  /** redis_exporter beside each server. */
  exporter?: Exporter;
  /** How the servers are kept apart. @default never two on a node, and over zones where possible */
  spread?: Spread;
  /** Under which identity it runs. @default that of the official image, 999 and group 1000 */
  runAs: RunAs;
  /** Whether its volumes are backed up. */
  backup?: WorkloadBackup;
}

/** Sentinels. A failover takes `downAfterMs`, an election among them, and the promotion. */
export interface Sentinel {
  /** One on each node that `nodeSelector` and `tolerations` allow, or a number of them on different nodes. */
  kind: "DaemonSet" | "Deployment";
  /** Number of a Deployment's pods. @default 3 */
  replicas?: number;
  /** Sentinels that must agree that the master is down. */
  quorum: number;
  /** Name of the master, by which clients ask for it. @default mymaster */
  masterName: string;
  /** What each is promised, and what it may use at most. */
  resources: Resources;
  /** Silence after which one Sentinel takes the master for down, in milliseconds. @default 5000 */
  downAfterMs: number;
  /** Time that an attempt at a failover may take, in milliseconds. @default 10000 */
  failoverTimeoutMs: number;
  /** Nodes that Sentinels may run on, by label. */
  nodeSelector?: Record<string, string>;
  /** Taints of nodes that do not keep them away. */
  tolerations?: Toleration[];
}

/** A single Valkey server: a Deployment without data of its own, or a StatefulSet with a volume. */
export interface Valkey {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image with `valkey-server`, `valkey-cli` and `sh`, with a tag or digest. */
  image: string;
  /** Secrets that may pull the image. */
  imagePullSecrets?: string[];
  /** Servers: one, for nothing would tell clients which of several is the master. */
  replicas: 1;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
  /** Where its data is. @default nowhere: a restart empties it */
  storage?: PodStorage;
  /** Memory that data may take. @default three quarters of the memory limit */
  maxmemory?: string;
  /** What is evicted when that is full. @default allkeys-lru */
  maxmemoryPolicy: MaxmemoryPolicy;
  /** The password of clients; without it, everyone who can connect may read and write. */
  secret?: PasswordSecret;
  /** redis_exporter beside it. */
  exporter?: Exporter;
  /** Under which identity it runs. @default that of the official image, 999 and group 1000 */
  runAs: RunAs;
  /** Whether its volume is backed up. */
  backup?: WorkloadBackup;
}
