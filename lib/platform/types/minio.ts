import type { Resources, RunAs } from "./container.ts";
import type { LoginSecret, PodStorage } from "./data_parts.ts";
import type { Spread, WorkloadBackup } from "./workload.ts";

/** MinIO: an S3-compatible object store, on one server or distributed with erasure coding. */
export interface Minio {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image of the server, with a tag or digest. */
  image: string;
  /** Image with the client `mc` and `sh`, which makes the buckets. */
  clientImage: string;
  /** Secrets that may pull the images. */
  imagePullSecrets?: string[];
  /** Servers. @default 1 */
  servers: number;
  /** Drives of each server. @default 1 */
  drivesPerServer: number;
  /** Drives of an erasure set that may be lost without loss of data: N of `EC:N`. @default MinIO's own, by the set's size */
  parity?: number;
  /** Each drive. */
  storage: PodStorage;
  /** What each server is promised, and what it may use at most. */
  resources: Resources;
  /** Buckets, by name. */
  buckets: Record<string, MinioBucket>;
  /** Users for programs, by name, each with rights to some buckets only. What is no longer declared stays. */
  users: Record<string, MinioUser>;
  /** Its root user. */
  secret: LoginSecret;
  /** Region that it answers to. @default us-east-1 */
  region: string;
  /** Serve the web console, on port 9001. @default false */
  console: boolean;
  /** How the servers are kept apart. @default never two on a node, and over zones where possible */
  spread?: Spread;
  /** Under which identity it runs. @default 1000 */
  runAs: RunAs;
  /** Whether its volumes are backed up. */
  backup?: WorkloadBackup;
}

/** A user, and its rights. Source: MinIO, "Identity and Access Management". */
export interface MinioUser {
  /** Its access key and its secret key. */
  secret: LoginSecret;
  /** What it may do with each bucket: read objects, or read, write and delete them. */
  buckets: Record<string, "read" | "readwrite">;
}

/** A bucket. What is no longer declared stays, with its objects. */
export interface MinioBucket {
  /** What it is for; becomes a tag of the bucket. */
  purpose: string;
  /** Keep the older versions of objects. @default false */
  versioning: boolean;
  /** Allow locks that keep objects from being deleted; only at the bucket's creation, and with versions. @default false */
  objectLock: boolean;
  /** Days after which objects, and versions that are no longer current, are deleted. @default never */
  keepForDays?: number;
  /** Most that may be in it, such as `100Gi`. */
  quota?: string;
}
