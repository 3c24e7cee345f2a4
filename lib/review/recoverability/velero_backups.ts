import { veleroTargets } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";

/** Name of the backups of one of Velero's schedules at one location. */
export function veleroBackup(schedule: string, location: string): string {
  return `${schedule} at ${location}`;
}

/** Velero's backups that a namespace is in, with its objects or with its volumes too. */
export function veleroBackupsOf(
  { backups }: Platform,
  namespace: string,
  what: "objects" | "volumes",
): string[] {
  const { velero } = backups ?? {};
  return Object.entries(velero?.schedules ?? {}).flatMap(([name, schedule]) => {
    const { namespaces, exceptNamespaces = [], volumes } = schedule;
    const isIn = (namespaces.includes("*") || namespaces.includes(namespace)) &&
      !exceptNamespaces.includes(namespace);
    // A snapshot stays in the storage that it was made of.
    if (!isIn || (what === "volumes" && (volumes === "none" || volumes === "snapshot"))) return [];
    return locationsOf(velero!, schedule).map((location) => veleroBackup(name, location));
  });
}

/** Locations of a schedule, each once. */
export function locationsOf(...of: Parameters<typeof veleroTargets>): string[] {
  return [...new Set(veleroTargets(...of).map(({ location }) => location))];
}
