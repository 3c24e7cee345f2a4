import type { BackupSubject } from "./backups.ts";
import type { Platform, RecoveryObjective } from "./types.ts";

/** Objectives that say they are kept by a job, by the objectives' names. Words of `by` name jobs wholly. */
export function objectivesOf(
  job: string,
  { backups }: Pick<Platform, "backups">,
): Record<string, RecoveryObjective> {
  return Object.fromEntries(
    Object.entries(backups?.objectives ?? {}).filter(([, { by = "" }]) =>
      by.split(/[^a-z0-9-]+/).includes(job)
    ),
  );
}

/** Objectives that say they are kept by archives of WAL, by the objectives' names. */
export function walObjectives(
  { backups }: Pick<Platform, "backups">,
): Record<string, RecoveryObjective> {
  return Object.fromEntries(
    Object.entries(backups?.objectives ?? {}).filter(([, { by = "" }]) => /\bWAL\b/i.test(by)),
  );
}

/** Whether a thing can be brought to any moment between two dumps, as its changes are archived while they come. */
export function isArchived(
  { section, name }: Pick<BackupSubject, "section" | "name">,
  { postgres }: Pick<Platform, "postgres">,
): boolean {
  const cluster = section === "postgres" ? postgres[name] : undefined;
  return cluster !== undefined && cluster.kind !== "statefulset" &&
    cluster.walArchive !== undefined;
}
