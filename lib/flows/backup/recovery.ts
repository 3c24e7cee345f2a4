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
import { type RecoveryPoint, recoveryPoint } from "../../review/recovery_point.ts";
import { lastRestored } from "./run_report.ts";
import { jobsMaking } from "./source_jobs.ts";
import { howToProve } from "./verifiers.ts";

/** What is known of the backups of one source. */
export type Listing = Pick<BackupListing, "source" | "backups">;

/** How long a restore of a thing takes, and how much of it is lost at worst. */
export interface Recovery {
  /** How long a restore of all of it is likely to take; undefined where nothing of it was ever restored. */
  time: RecoveryEstimate | undefined;
  /** How many parts of it were never restored. */
  unrestored: number;
  /** Times that objectives allow, in milliseconds, by their names. */
  allowedMs: Map<string, number>;
  /** What each job that makes its backups can lose. */
  points: JobPoint[];
}

/** What a job can lose of a thing, which is archived by nothing else. */
export interface JobPoint {
  /** Name of the job. */
  job: string;
  /** What is lost at worst. */
  point: RecoveryPoint;
  /** How much objectives allow, in milliseconds, by their names. */
  allowedMs: Map<string, number>;
}

/** Dumps of which the longest counts: one slow run long ago says nothing of the next. */
const recentRuns = 10;

/**
 * Hold what a store has against the objectives that the platform's jobs are to keep: how long a restore of each thing
 * is likely to take, by what was measured and for all that is in it, and what is lost by how long its dumps take.
 *
 * @returns whether all objectives are kept, as far as can be told
 */
export function tellRecovery(
  listings: readonly Listing[],
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
    const recovery = recoveryOf(parts, platform);
    for (const [name, allowedMs] of recovery.allowedMs) {
      tellTime({ thing, kind: parts[0]!.source.kind }, recovery, { name, allowedMs }, note);
    }
    tellPoints(thing, recovery, note);
  }
  return isKept;
}

/** How long a restore of a thing takes whose parts have these backups, and what its jobs can lose. */
export function recoveryOf(parts: readonly Listing[], platform: Platform): Recovery {
  const estimates = parts.flatMap((part) => estimateOf(part) ?? []);
  return {
    time: sumOf(estimates),
    unrestored: parts.length - estimates.length,
    allowedMs: timesOf(parts, platform),
    points: pointsOf(parts, platform),
  };
}

/** What several stores have of each source, as copies of the same backups. */
export function merged(listings: readonly Listing[]): Listing[] {
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
  { thing, kind }: { thing: string; kind: string },
  { time, unrestored }: Recovery,
  objective: { name: string; allowedMs: number },
  note: Note,
): void {
  if (time === undefined) {
    note(
      `nobody knows how long a restore of ${thing} takes, and ${objective.name} allows ${
        formatDuration(objective.allowedMs)
      }: no backup of it was ever restored`,
      howToProve(kind),
    );
    return;
  }
  const rest = unrestored === 0 ? "" : ` without the ${unrestored} in it that were never restored`;
  note(
    `a restore of ${thing}${rest} is likely to take ${recoveryText(time, objective)}`,
    time.durationMs > objective.allowedMs
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

/** Jobs whose things are archived between two dumps lose less than any dump tells. */
function pointsOf(parts: readonly Listing[], platform: Platform): JobPoint[] {
  const sources: BackupSource[] = parts.map(({ source }) => source);
  const jobs = new Map(sources.flatMap((source) => jobsMaking(source, platform)));
  const took = parts.flatMap(({ backups }) => backups.slice(0, recentRuns))
    .map(({ record }) => record.durationMs);
  return [...jobs].flatMap(([job, declared]) => {
    const covered = (declared.covers ?? []).map(backupSubject)
      .filter((subject) => sources.some((source) => source.name === subject.name));
    if (covered.some((subject) => isArchived(subject, platform))) return [];
    const point = recoveryPoint(declared, took.length === 0 ? undefined : Math.max(...took));
    const allowedMs = Object.entries(objectivesOf(job, platform)).flatMap((
      [name, { recoveryPoint: allowed }],
    ) => allowed === undefined ? [] : [[name, parseDuration(allowed)] as const]);
    return [{ job, point, allowedMs: new Map(allowedMs) }];
  });
}

function tellPoints(thing: string, { points }: Recovery, note: Note): void {
  for (const { job, point, allowedMs } of points) {
    for (const [objective, allowed] of allowedMs) {
      if (point.totalMs <= allowed) continue;
      note(
        `up to ${formatDuration(point.totalMs)} of ${thing} are lost: ${job} runs every ${
          formatDuration(point.intervalMs)
        }, and took up to ${formatDuration(point.durationMs)}; ${objective} allows ${
          formatDuration(allowed)
        }`,
        "run it more often; the review proposes how often",
      );
    }
  }
}
