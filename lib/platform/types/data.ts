import type { Longhorn, LonghornClass } from "./longhorn.ts";
import type { Minio } from "./minio.ts";
import type { Mongodb } from "./mongodb.ts";
import type { Postgres } from "./postgres.ts";
import type { Redis, Valkey } from "./redis.ts";
import type { AccessMode } from "./workload.ts";

export type * from "./data_parts.ts";
export type * from "./longhorn.ts";
export type * from "./minio.ts";
export type * from "./mongodb.ts";
export type * from "./postgres.ts";
export type * from "./redis.ts";

/** Sections of a platform about data. */
export interface DataSections {
  /** Storage classes, by name. */
  storageClasses: Record<string, StorageClass>;
  /** Persistent volume claims, by name. */
  volumes: Record<string, Volume>;
  /** Longhorn's settings; needed where classes name its job groups or encrypt. */
  longhorn?: Longhorn;
  /** Postgres servers and clusters, by name. */
  postgres: Record<string, Postgres>;
  /** MongoDB replica sets, by name. */
  mongodb: Record<string, Mongodb>;
  /** Redis servers under Sentinel, by name. */
  redis: Record<string, Redis>;
  /** Valkey servers, by name. */
  valkey: Record<string, Valkey>;
  /** MinIO object stores, by name. */
  minio: Record<string, Minio>;
}

/** A class of volumes. */
export interface StorageClass {
  /** Made by someone else, such as k3s; only described here. @default false */
  existing?: boolean;
  /** Name of the driver. @default driver.longhorn.io */
  provisioner: string;
  /** Access modes that the driver can give. @default [ReadWriteOnce] */
  accessModes: AccessMode[];
  /** Settings of the driver. */
  parameters?: Record<string, string>;
  /** Settings of Longhorn, by their meaning; not together with `parameters` of the same names. */
  longhorn?: LonghornClass;
  /** What becomes of the data when the claim goes. @default Retain */
  reclaimPolicy: "Retain" | "Delete";
  /** Whether a volume is made at once, or with the first pod. @default Immediate */
  volumeBindingMode: "Immediate" | "WaitForFirstConsumer";
}

/** A persistent volume claim. */
export interface Volume {
  /** Namespace of the claim. */
  namespace: string;
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** How it may be mounted. */
  accessModes: AccessMode[];
  /** Size, such as `1Gi`. */
  size: string;
}
