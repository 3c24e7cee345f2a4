import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import { type BackupSource, folderOf, nameOfSource } from "../../backup/names.ts";
import {
  type RecoveryEstimate,
  recoveryEstimate,
  recoveryText,
  sizeAtBackup,
} from "../../backup/recovery_estimate.ts";
import type { Context } from "../../core/context.ts";
import { formatDuration, parseDuration } from "../../core/units.ts";
import { backupSubject } from "../../platform/backups.ts";
import { isArchived, objectivesOf } from "../../platform/objectives.ts";
import type { Platform } from "../../platform/types.ts";
import { recoveryPoint } from "../../review/recovery_point.ts";
import { lastRestored } from "./run_report.ts";
import { jobsMaking } from "./source_jobs.ts";

type Listing = Pick<BackupListing, "source" | "backups">;

/** Dumps of which the longest counts: one slow run long ago says nothing of the next. */
const recentRuns = 10;

/**
 * Hold what a store has against the objectives that the platform's jobs are to keep: how long a restore of each thing
 * is likely to take, by what was measured and for all that is in it, and what is lost by how long its dumps take.
 *
 * @returns whether all objectives are kept, as far as can be told
 */
export function tellRecovery(
  listings: readonly Pick<BackupListing, "source" | "backups">[],
  platform: Platform,
  context: Pick<Context, "emit">,
): boolean {
  let isKept = true;
  const note = (message: string, remedy?: string) => {
    if (remedy !== undefined) isKept = false;
    const level = remedy === undefined ? "info" : "warning";
    context.emit({ type: "note", level, message, ...remedy === undefined ? {} : { remedy } });
  };
  const things = Map.groupBy(
    merged(listings).filter(({ backups }) => backups.length > 0),
    ({ source: { kind, scope, name } }) => nameOfSource({ kind, scope, name }),
  );
  for (const [thing, parts] of things) {
    for (const [name, allowedMs] of timesOf(parts, platform)) {
      tellTime(thing, parts, { name, allowedMs }, note);
    }
    tellPoint(thing, parts, platform, note);
  }
  return isKept;
}

/** What several stores have of one source, as copies of the same backups. */
function merged(listings: readonly Listing[]): Listing[] {
  const bySource = Map.groupBy(listings, ({ source }) => folderOf(source));
  return [...bySource.values()].map((same) => {
    const byId = Map.groupBy(same.flatMap(({ backups }) => backups), ({ record }) => record.id);
    const backups = [...byId.values()].map((copies) =>
      copies.find(({ verification }) => verification !== undefined) ?? copies[0]!
    );
    const begun = ({ record }: ListedBackup) => Temporal.Instant.from(record.createdAt);
    backups.sort((a, b) => Temporal.Instant.compare(begun(b), begun(a)));
    return { source: same[0]!.source, backups };
  });
}

type Note = (message: string, remedy?: string) => void;

/** Recovery times that the jobs of some sources are to keep, by the objectives' names. */
function timesOf(
  parts: readonly Listing[],
  platform: Platform,
): Map<string, number> {
  const jobs = parts.flatMap(({ source }) => jobsMaking(source, platform));
  return new Map(
    jobs.flatMap(([job]) => Object.entries(objectivesOf(job, platform)))
      .flatMap(([name, { recoveryTime }]) =>
        recoveryTime === undefined ? [] : [[name, parseDuration(recoveryTime)] as const]
      ),
  );
}

function tellTime(
  thing: string,
  parts: readonly Listing[],
  objective: { name: string; allowedMs: number },
  note: Note,
): void {
  const estimates = parts.flatMap((part) => estimateOf(part) ?? []);
  const unknown = parts.length - estimates.length;
  const whole = sumOf(estimates);
  if (whole === undefined) {
    note(
      `nobody knows how long a restore of ${thing} takes, and ${objective.name} allows ${
        formatDuration(objective.allowedMs)
      }: no backup of it was ever restored`,
      "restore one with verify-backups",
    );
    return;
  }
  const rest = unknown === 0 ? "" : ` without the ${unknown} in it that were never restored`;
  note(
    `a restore of ${thing}${rest} is likely to take ${recoveryText(whole, objective)}`,
    whole.durationMs > objective.allowedMs
      ? "restore onto faster disks, keep a standby, or have the objective allow more"
      : undefined,
  );
}

/** By the backup that was restored last, scaled to the newest one. */
function estimateOf({ backups, source }: Listing): RecoveryEstimate | undefined {
  const restored = lastRestored({ source, label: "", listing: { backups } });
  const newest = backups[0]?.record;
  return restored === undefined || newest === undefined
    ? undefined
    : recoveryEstimate(restored.record, restored.verification, sizeAtBackup(newest));
}

/** One after the other, as databases of one server are restored. */
function sumOf(estimates: readonly RecoveryEstimate[]): RecoveryEstimate | undefined {
  if (estimates.length === 0) return undefined;
  const total = (key: keyof RecoveryEstimate) =>
    estimates.reduce((sum, estimate) => sum + estimate[key], 0);
  return {
    durationMs: total("durationMs"),
    measuredMs: total("measuredMs"),
    measuredBytes: total("measuredBytes"),
    currentBytes: total("currentBytes"),
  };
}

function tellPoint(
  thing: string,
  parts: readonly Listing[],
  platform: Platform,
  note: Note,
): void {
  const sources: BackupSource[] = parts.map(({ source }) => source);
  const jobs = new Map(sources.flatMap((source) => jobsMaking(source, platform)));
  const measuredMs = Math.max(
    ...parts.flatMap(({ backups }) => backups.slice(0, recentRuns))
      .map(({ record }) => record.durationMs),
  );
  for (const [name, job] of jobs) {
    const covered = (job.covers ?? []).map(backupSubject)
      .filter((subject) => sources.some((source) => source.name === subject.name));
    if (covered.some((subject) => isArchived(subject, platform))) continue;
    const { totalMs, intervalMs } = recoveryPoint(job, measuredMs);
    for (
      const [objective, { recoveryPoint: allowed }] of Object.entries(objectivesOf(name, platform))
    ) {
      if (allowed === undefined || totalMs <= parseDuration(allowed)) continue;
      note(
        `up to ${formatDuration(totalMs)} of ${thing} are lost: ${name} runs every ${
          formatDuration(intervalMs)
        }, and took up to ${formatDuration(measuredMs)}; ${objective} allows ${
          formatDuration(parseDuration(allowed))
        }`,
        "run it more often; the review proposes how often",
      );
    }
  }
}
