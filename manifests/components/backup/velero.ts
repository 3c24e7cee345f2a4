import type { Manifest } from "../../../lib/core/object.ts";
import type {
  Backups,
  BackupTier,
  Velero,
  VeleroSchedule,
  VeleroTier,
} from "../../../lib/platform/types.ts";
import { veleroScheduleName, veleroTargets } from "../../../lib/platform/backups.ts";
import { define } from "../manifest.ts";
import type { Schedule, VolumeSnapshotClass, VolumeSnapshotLocation } from "../types_velero.ts";
import { storageLocation } from "./storage_location.ts";

/** Label by which Velero finds the class for a driver's snapshots. Source: Velero, CSI documentation. */
const snapshotClassLabel = "velero.io/csi-volumesnapshot-class";

/** The longest that an hour, day, week or month can be, in hours: no tier may lose its last backup to a long month. */
const tierHours: Record<BackupTier, number> = {
  hourly: 1,
  daily: 24,
  weekly: 7 * 24,
  monthly: 31 * 24,
};

/** Storage locations, snapshot classes and schedules of Velero. */
export function veleroObjects(velero: Velero, stores: Backups["stores"]): Manifest[] {
  return [
    ...velero.locations.map((name, index) =>
      storageLocation(name, stores[name]!, { namespace: velero.namespace, isDefault: index === 0 })
    ),
    ...Object.entries(velero.snapshotLocations).map(([name, { provider, config }]) =>
      define<VolumeSnapshotLocation>({
        apiVersion: "velero.io/v1",
        kind: "VolumeSnapshotLocation",
        metadata: { name, namespace: velero.namespace },
        spec: { provider, config },
      })
    ),
    ...snapshotClass(velero),
    ...Object.entries(velero.schedules).flatMap(([name, schedule]) =>
      schedules(name, schedule, velero)
    ),
  ];
}

function snapshotClass({ snapshotClass }: Velero): Manifest[] {
  if (snapshotClass === undefined) return [];
  const { driver, parameters } = snapshotClass;
  return [define<VolumeSnapshotClass>({
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: {
      name: `velero-${driver.replaceAll(".", "-")}`,
      labels: { [snapshotClassLabel]: "true" },
    },
    driver,
    // With Delete, snapshots would go with the namespace that they are to bring back.
    deletionPolicy: "Retain",
    parameters,
  })];
}

/** Velero knows one age for all backups of a schedule and one location, so each tier and location has its own. */
function schedules(name: string, options: VeleroSchedule, velero: Velero): Manifest[] {
  return veleroTargets(velero, options).map(({ tier, timing, location }) =>
    define<Schedule>({
      apiVersion: "velero.io/v1",
      kind: "Schedule",
      metadata: { name: veleroScheduleName(name, tier, location), namespace: velero.namespace },
      spec: {
        schedule: timing.cron,
        // Backups must outlive a schedule that is deleted by mistake.
        useOwnerReferencesInBackup: false,
        // A platform that is brought up has nothing to back up yet, or is about to be restored.
        skipImmediately: true,
        template: {
          includedNamespaces: options.namespaces,
          excludedNamespaces: options.exceptNamespaces,
          includeClusterResources: options.namespaces.includes("*") ? true : undefined,
          ...volumesOf(options, velero),
          storageLocation: location,
          ttl: timeToLive(tier, timing),
        },
      },
    })
  );
}

function volumesOf(
  { volumes }: VeleroSchedule,
  { snapshotLocations }: Velero,
): Partial<Schedule["spec"]["template"]> {
  const locations = Object.keys(snapshotLocations);
  return {
    snapshotVolumes: volumes === "move" || volumes === "snapshot",
    snapshotMoveData: volumes === "move",
    defaultVolumesToFsBackup: volumes === "files",
    volumeSnapshotLocations: volumes === "snapshot" && locations.length > 0 ? locations : undefined,
  };
}

/** How long a tier's backups live, as Go writes durations. */
function timeToLive(tier: BackupTier, { keep = 0, keepForDays }: VeleroTier): string {
  const hours = keepForDays === undefined ? keep * tierHours[tier] : keepForDays * 24;
  return `${hours}h0m0s`;
}
