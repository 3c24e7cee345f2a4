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
