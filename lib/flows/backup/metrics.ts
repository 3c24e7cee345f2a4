import type { BackupSource } from "../../backup/names.ts";
import type { Sample } from "../../notify/exposition.ts";
import { lastBackup, lastRestored, type RunReport, sizesOf } from "./run_report.ts";

/** What is told of a source, whichever task found it out. */
const ofSource = {
  slipway_backup_last_success_timestamp_seconds: "When the newest whole backup was begun",
  slipway_backup_size_bytes: "Size of the newest whole backup, as it is stored",
  slipway_backup_duration_seconds: "How long the newest whole backup took",
  slipway_backup_last_verified_timestamp_seconds:
    "When a backup was last restored and proved; 0 where none ever was",
  slipway_backup_restore_duration_seconds: "How long that restore took",
} as const;

/** What is told of the last run of a task for a source. */
const ofRun = {
  slipway_backup_last_run_timestamp_seconds: "When the last run of the task ended",
  slipway_backup_last_exit_code:
    "0 where the last run of the task was good for this source, 1 where it failed",
} as const;

/**
 * A run that has ended, as metrics. Ages are not among them: they are `time()` less a moment, and would be wrong as soon
 * as they are written. What is not known, such as the last backup where the store is away, is left as it was.
 */
export function metricsOf(
  { task, backups, error }: RunReport,
  endedAt: Temporal.Instant,
): Sample[] {
  return backups.flatMap((backup) => {
    const labels = labelsOf(backup.source);
    const [last, restored] = [lastBackup(backup), lastRestored(backup)];
    const failed = backup.error !== undefined || error !== undefined;
    const known: Partial<Record<keyof typeof ofSource, number>> = {
      ...last === undefined ? {} : {
        slipway_backup_last_success_timestamp_seconds: seconds(last.createdAt),
        slipway_backup_size_bytes: sizesOf(last).storedBytes,
        slipway_backup_duration_seconds: last.durationMs / 1_000,
      },
      ...backup.listing === undefined ? {} : {
        slipway_backup_last_verified_timestamp_seconds: restored === undefined
          ? 0
          : seconds(restored.verification.verifiedAt),
      },
      ...restored === undefined ? {} : {
        slipway_backup_restore_duration_seconds: restored.verification.durationMs / 1_000,
      },
    };
    return [
      ...samples(known, ofSource, labels),
      ...samples(
        {
          slipway_backup_last_run_timestamp_seconds: seconds(endedAt),
          slipway_backup_last_exit_code: failed ? 1 : 0,
        },
        ofRun,
        { ...labels, task },
      ),
    ];
  });
}

function labelsOf({ kind, scope, name, item = "" }: BackupSource): Record<string, string> {
  return { kind, scope, name, item };
}

function samples(
  values: Readonly<Record<string, number>>,
  help: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): Sample[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    help: help[name] ?? "",
    labels,
    value,
  }));
}

function seconds(instant: Temporal.Instant | string): number {
  return Math.floor(Temporal.Instant.from(instant).epochMilliseconds / 1_000);
}
