import type { AccessMode } from "./workload.ts";

/** Sections of a platform about data. */
export interface DataSections {
  /** Storage classes, by name. */
  storageClasses: Record<string, StorageClass>;
  /** Persistent volume claims, by name. */
  volumes: Record<string, Volume>;
}

/** A class of volumes. */
export interface StorageClass {
  /** Made by someone else, such as k3s; only described here. @default false */
  existing?: boolean;
  /** Name of the driver. */
  provisioner: string;
  /** Access modes that the driver can give. */
  accessModes: AccessMode[];
  /** Settings of the driver. */
  parameters?: Record<string, string>;
  /** What becomes of the data when the claim goes. */
  reclaimPolicy: "Retain" | "Delete";
  /** Whether a volume is made at once, or with the first pod. */
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
