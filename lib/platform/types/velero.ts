/** Backups of objects and volumes by Velero. */
export interface Velero {
  /** Namespace that Velero runs in. */
  namespace: string;
  /** Which of the `stores` it uses; the first is the default. */
  locations: string[];
  /** How snapshots of volumes are made by a CSI driver; needed when volumes are snapshotted or moved. */
  snapshotClass?: VeleroSnapshotClass;
  /** Where plugins that make no CSI snapshots keep theirs, by name. */
  snapshotLocations: Record<string, VeleroSnapshotLocation>;
  /** What is backed up when, by name. */
  schedules: Record<string, VeleroSchedule>;
}

/** The VolumeSnapshotClass that Velero uses. */
export interface VeleroSnapshotClass {
  /** Name of the CSI driver, such as `driver.longhorn.io`. */
  driver: string;
  /** Settings of the driver. */
  parameters?: Record<string, string>;
}

/** A VolumeSnapshotLocation. */
export interface VeleroSnapshotLocation {
  /** Plugin that makes the snapshots, such as `velero.io/aws`. */
  provider: string;
  /** Settings of the plugin. */
  config?: Record<string, string>;
}

/** What one schedule backs up; a Schedule of Velero for each of its tiers and locations. */
export interface VeleroSchedule {
  /** Namespaces to back up; `*` alone is all of them, together with what belongs to none. */
  namespaces: string[];
  /** Namespaces to leave out. */
  exceptNamespaces?: string[];
  /** Which of Velero's locations the backups go to; all of them when absent. */
  locations?: string[];
  /**
   * What becomes of volumes. `move`: snapshotted, and the data copied into the store. `snapshot`: snapshotted where they
   * are. `files`: files copied into the store from running pods. `none`: left out. @default "move"
   */
  volumes: "move" | "snapshot" | "files" | "none";
  /** How often, and how many backups are kept of each. */
  tiers: Partial<Record<BackupTier, VeleroTier>>;
}

/** How often a backup is made. */
export type BackupTier = "hourly" | "daily" | "weekly" | "monthly";

/** When backups of a tier are made, and for how long they are kept: exactly one of `keep` and `keepForDays`. */
export interface VeleroTier {
  /** When, as a cron line in UTC. */
  cron: string;
  /** How many backups are kept; Velero knows only ages, so each is kept for this many hours, days, weeks or months. */
  keep?: number;
  /** Age at which backups go, in days. */
  keepForDays?: number;
  /** Which of Velero's locations these backups go to. @default those of the schedule */
  locations?: string[];
}
