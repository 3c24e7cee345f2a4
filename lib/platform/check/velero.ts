import { veleroCredentialsKey, veleroScheduleName, veleroTargets } from "../backups.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Backups, Platform, Velero, VeleroSchedule } from "../types.ts";
import { checkStoreSecret } from "./backup_secret.ts";
import { refer } from "./reference.ts";

/**
 * The most characters that a Schedule's name may have: Velero adds 15 for the time, and writes the result into labels
 * of at most 63. Source: Velero, pkg/apis/velero/v1 TimestampedName.
 */
const longestScheduleName = 48;

const root = ["backups", "velero"];

/** Velero needs stores that it can read, and schedules need locations, namespaces and a way to snapshot. */
export function checkVelero(
  velero: Velero,
  stores: Backups["stores"],
  platform: Platform,
): Mistake[] {
  return [
    ...refer(
      [...root, "namespace"],
      velero.namespace,
      Object.keys(platform.namespaces),
      "namespace",
    ),
    ...velero.locations.flatMap((name, index) =>
      checkLocation([...root, "locations", index], name, velero, stores, platform)
    ),
    ...Object.entries(velero.schedules).flatMap(([name, schedule]) =>
      checkSchedule([...root, "schedules", name], name, schedule, velero, platform)
    ),
  ];
}

function checkLocation(
  path: Path,
  name: string,
  { namespace, locations }: Velero,
  stores: Backups["stores"],
  platform: Platform,
): Mistake[] {
  const store = stores[name];
  if (store === undefined) return refer(path, name, Object.keys(stores), "backup store");
  const storageClass = store.archive?.storageClass;
  return [
    ...locations.indexOf(name) === path.at(-1) ? [] : [{
      path,
      message: `${name} stands here twice, expected once`,
    }],
    ...checkStoreSecret(path, name, store, namespace, [veleroCredentialsKey], platform),
    ...storageClass === "GLACIER" || storageClass === "DEEP_ARCHIVE"
      ? [{
        path,
        message: `store ${name} is moved to ${storageClass}, where Velero cannot read, ` +
          "expected GLACIER_IR or a store that is read at once",
      }]
      : [],
  ];
}

function checkSchedule(
  path: Path,
  name: string,
  schedule: VeleroSchedule,
  velero: Velero,
  platform: Platform,
): Mistake[] {
  const { namespaces, exceptNamespaces = [], locations, tiers, volumes } = schedule;
  const known = Object.keys(platform.namespaces);
  const longest = veleroTargets(velero, schedule)
    .map(({ tier, location }) => veleroScheduleName(name, tier, location))
    .find((full) => full.length > longestScheduleName);
  const snapshots = volumes === "move" || volumes === "snapshot";
  const canSnapshot = velero.snapshotClass !== undefined ||
    (volumes === "snapshot" && Object.keys(velero.snapshotLocations).length > 0);
  return [
    ...checkKnown([...path, "locations"], locations, velero),
    ...Object.entries(tiers).flatMap(([tier, timing]) =>
      checkKnown([...path, "tiers", tier, "locations"], timing.locations, velero)
    ),
    ...namespaces.flatMap((namespace, index) =>
      namespace === "*" ? [] : refer([...path, "namespaces", index], namespace, known, "namespace")
    ),
    ...exceptNamespaces.flatMap((namespace, index) =>
      refer([...path, "exceptNamespaces", index], namespace, known, "namespace")
    ),
    ...namespaces.includes("*") && namespaces.length > 1
      ? [{ path: [...path, "namespaces"], message: "names beside *, expected * alone" }]
      : [],
    ...Object.keys(tiers).length === 0
      ? [{
        path: [...path, "tiers"],
        message: "no tier, expected at least one of hourly, daily, weekly and monthly",
      }]
      : [],
    ...longest === undefined ? [] : [{
      path,
      message: `its Schedule ${longest} has ${longest.length} characters, ` +
        `expected at most ${longestScheduleName}, so that its backups can be labelled`,
      atKey: true,
    }],
    ...snapshots && !canSnapshot
      ? [{
        path,
        message: `volumes are to be ${volumes === "move" ? "moved" : "snapshotted"}, ` +
          "and nothing can snapshot them, expected snapshotClass, or volumes: files or none",
        atKey: true,
      }]
      : [],
  ];
}

function checkKnown(path: Path, locations: readonly string[] = [], velero: Velero): Mistake[] {
  return locations.flatMap((location, index) =>
    refer([...path, index], location, velero.locations, "location of Velero")
  );
}
