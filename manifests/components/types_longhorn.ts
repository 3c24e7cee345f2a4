import type { ApiObject } from "./manifest.ts";

/** A job on volumes by the clock. Source: Longhorn Manager, k8s/pkg/apis/longhorn/v1beta2 RecurringJobSpec. */
export interface LonghornRecurringJob extends ApiObject {
  /** Group and version. */
  apiVersion: "longhorn.io/v1beta2";
  /** Kind. */
  kind: "RecurringJob";
  /** What is wanted. */
  spec: {
    /** Name, the same as the object's. */
    name: string;
    /** What is done. */
    task: string;
    /** When, in UTC. */
    cron: string;
    /** Snapshots or backups that are kept. */
    retain: number;
    /** Volumes at a time. */
    concurrency: number;
    /** Groups of volumes. */
    groups: string[];
    /** Labels of the snapshots and backups. */
    labels?: Record<string, string>;
    /** Settings of the task. */
    parameters?: Record<string, string>;
  };
}

/** Where backups go. Source: Longhorn Manager, k8s/pkg/apis/longhorn/v1beta2 BackupTargetSpec. */
export interface LonghornBackupTarget extends ApiObject {
  /** Group and version. */
  apiVersion: "longhorn.io/v1beta2";
  /** Kind. */
  kind: "BackupTarget";
  /** What is wanted. */
  spec: {
    /** URL of the store. */
    backupTargetURL: string;
    /** Secret with the credentials. */
    credentialSecret: string;
    /** How often it is read. */
    pollInterval: string;
  };
}

/** A setting of Longhorn as a whole. Source: Longhorn Manager, k8s/pkg/apis/longhorn/v1beta2 Setting. */
export interface LonghornSetting extends ApiObject {
  /** Group and version. */
  apiVersion: "longhorn.io/v1beta2";
  /** Kind. */
  kind: "Setting";
  /** Its value, always text. */
  value: string;
}
