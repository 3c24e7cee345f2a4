import type { ApiObject } from "./manifest.ts";

/** A BackupStorageLocation, as far as we set it. Source: Velero, pkg/apis/velero/v1 BackupStorageLocationSpec. */
export interface BackupStorageLocation extends ApiObject {
  /** Group and version. */
  apiVersion: "velero.io/v1";
  /** Kind. */
  kind: "BackupStorageLocation";
  /** What is wanted. */
  spec: {
    /** Plugin that speaks to the store. */
    provider: string;
    /** Whether backups that name no location go there. */
    default?: boolean;
    /** Where in the store. */
    objectStorage: { bucket: string; prefix?: string };
    /** Settings of the plugin. */
    config?: Record<string, string>;
    /** Key of a Secret in Velero's namespace that holds the credentials. */
    credential?: { name: string; key: string };
  };
}

/** A VolumeSnapshotLocation, as far as we set it. Source: Velero, pkg/apis/velero/v1 VolumeSnapshotLocationSpec. */
export interface VolumeSnapshotLocation extends ApiObject {
  /** Group and version. */
  apiVersion: "velero.io/v1";
  /** Kind. */
  kind: "VolumeSnapshotLocation";
  /** What is wanted. */
  spec: {
    /** Plugin that makes the snapshots. */
    provider: string;
    /** Settings of the plugin. */
    config?: Record<string, string>;
  };
}

/** A Schedule, as far as we set it. Source: Velero, pkg/apis/velero/v1 ScheduleSpec and BackupSpec. */
export interface Schedule extends ApiObject {
  /** Group and version. */
  apiVersion: "velero.io/v1";
  /** Kind. */
  kind: "Schedule";
  /** What is wanted. */
  spec: {
    /** When, as a cron line in the server's time zone, which is UTC. */
    schedule: string;
    /** Whether backups go with their schedule. */
    useOwnerReferencesInBackup?: boolean;
    /** Whether a new schedule leaves out the run that it seems to have missed. */
    skipImmediately?: boolean;
    /** What is backed up. */
    template: {
      includedNamespaces?: string[];
      excludedNamespaces?: string[];
      includeClusterResources?: boolean;
      snapshotVolumes?: boolean;
      snapshotMoveData?: boolean;
      defaultVolumesToFsBackup?: boolean;
      storageLocation?: string;
      volumeSnapshotLocations?: string[];
      ttl?: string;
    };
  };
}

/** A VolumeSnapshotClass. Source: kubernetes-csi/external-snapshotter, client/apis/volumesnapshot/v1. */
export interface VolumeSnapshotClass extends ApiObject {
  /** Group and version. */
  apiVersion: "snapshot.storage.k8s.io/v1";
  /** Kind. */
  kind: "VolumeSnapshotClass";
  /** Name of the CSI driver. */
  driver: string;
  /** Whether a snapshot goes with the object that stands for it. */
  deletionPolicy: "Retain" | "Delete";
  /** Settings of the driver. */
  parameters?: Record<string, string>;
}
