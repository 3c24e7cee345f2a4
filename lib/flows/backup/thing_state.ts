import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import { formatDuration } from "../../core/units.ts";
import { backupSubject } from "../../platform/backups.ts";
import type { BackupJob, Platform } from "../../platform/types.ts";
import { recoveryPoint } from "../../review/recovery_point.ts";
import type { ScheduleState } from "../schedule/state.ts";
import { ageText } from "./list_view.ts";
import { lastRestored, sizesOf } from "./run_report.ts";
import { isCovered, jobsMaking, kindMadeBy } from "./source_jobs.ts";

/** What was seen of a store: what it has, or why that is not known. */
export type StoreLook = {
  /** What it has of each source. */
  listings: readonly BackupListing[];
  /** The time, by its own clock where it has one. */
  now: Temporal.Instant;
} | {
  /** Why it could not be read. */
  error: unknown;
};

/** A thing that a job backs up, or copies. */
export interface BackedUpThing {
  /** What people call it: `postgres main`. */
  name: string;
  /** Kind of its backups. */
  kind: string;
  /** Its parts that some store has backups of; none where no store has any. */
  sources: BackupSource[];
  /** Name of the job. */
  jobName: string;
  /** The job. */
  job: BackupJob & { store: string };
}

/** How the backups of a thing by one job stand. */
export interface ThingState {
  /** What it is: `waiting` is for the first run, `idle` was told not to run, and neither is a fault. */
  state: "ready" | "late" | "none" | "waiting" | "idle" | "unknown";
  /** Why, in one line; empty where there is nothing to say. */
  because: string;
  /** When the last one began. */
  lastAt?: Temporal.Instant;
  /** Size of the last one of all parts, before compression, in bytes. */
  sizeBytes?: number;
  /** When the last of them was restored that were, and how long it took in all; absent where not all parts were. */
  restored?: { at: Temporal.Instant; durationMs: number };
}

/** What the jobs of a platform back up and copy, by what they say, and by what stores have. */
export function backedUpThings(
  platform: Platform,
  sources: readonly BackupSource[],
): BackedUpThing[] {
  return Object.entries(platform.backups?.jobs ?? {}).flatMap(([jobName, job]) => {
    const { store, covers = [] } = job;
    const makes = kindMadeBy(job.task);
    if (store === undefined || makes === undefined && job.task !== "copy-backups") return [];
    const base = { jobName, job: { ...job, store } };
    const own = sources.filter((source) => isOf(source, jobName, job, platform));
    const groups = Map.groupBy(own, ({ kind, scope, name }) => nameOfSource({ kind, scope, name }));
    const found = [...groups.values()].map((parts): BackedUpThing => {
      const { kind, name, item } = parts[0]!;
      const part = parts.length > 1 ? ` (${parts.length})` : item === undefined ? "" : `/${item}`;
      return { ...base, kind, name: `${kind} ${name}${part}`, sources: parts };
    });
    const missing = covers.filter((cover) =>
      !own.some((source) => isCovered(source, { covers: [backupSubject(cover)] }, platform))
    );
    const kind = makes ?? "";
    const named = missing.map((name): BackedUpThing => ({ ...base, kind, name, sources: [] }));
    const unnamed = { ...base, kind, name: makes ?? "what is to be copied", sources: [] };
    return found.length + named.length > 0 ? [...found, ...named] : [unnamed];
  });
}

function isOf(source: BackupSource, name: string, job: BackupJob, platform: Platform): boolean {
  const makers = jobsMaking(source, platform);
  return job.task === "copy-backups"
    ? makers.some(([, { store }]) => store === job.from) &&
      isCovered(source, { covers: job.covers?.map(backupSubject) }, platform)
    : makers.some(([maker]) => maker === name);
}

/**
 * How the backups of a thing by one job stand in the job's store. They are late when a whole run of the job is missing:
 * older than the time between two runs, one that takes as long as it may, and the time by which it may start late.
 */
export function thingState(
  { sources, job }: BackedUpThing,
  look: StoreLook,
  platform: Platform,
  schedule: Pick<ScheduleState, "state"> | undefined,
): ThingState {
  if ("error" in look) return { state: "unknown", because: `the store ${job.store} was not read` };
  const names = new Set(sources.map(nameOfSource));
  const parts = look.listings.filter(({ source }) => names.has(nameOfSource(source)));
  const whole = parts.filter(({ backups }) => backups.length > 0);
  const damaged = parts.reduce((sum, part) => sum + part.damaged.length, 0);
  const lastAt = whole.map(beganAt).toSorted(Temporal.Instant.compare).at(-1);
  const quiet = schedule?.state === "waiting" || schedule?.state === "idle"
    ? schedule.state
    : undefined;
  if (lastAt === undefined) {
    const because = damaged > 0 ? `${damaged} damaged, and none that is whole` : "there is none";
    return {
      state: quiet ?? "none",
      because: quiet === "waiting" ? "no run was due yet" : because,
    };
  }
  const allowedMs = longestAge(sources, job, platform);
  const current = whole.filter((part) => isWithin(beganAt(part), allowedMs, lastAt));
  const left = whole.filter((part) => !current.includes(part));
  const isLate = !isWithin(lastAt, allowedMs, look.now);
  // What is named is there; else a part without new backups may be gone for good.
  const missed = left.filter(({ source: { item = "" } }) => job.databases?.includes(item));
  const reasons = [
    ...isLate ? [`older than ${formatDuration(allowedMs)}`] : [],
    ...left.map((part) =>
      `${part.source.item} last ${ageText(beganAt(part), look.now)} ago${
        missed.includes(part) ? "" : ", as if it were gone"
      }`
    ),
    ...damaged > 0 ? [`${damaged} damaged`] : [],
  ];
  const restored = current.map((listing) =>
    lastRestored({ source: listing.source, label: "", listing })?.verification
  );
  return {
    state: !isLate && missed.length === 0 ? "ready" : quiet === "idle" ? "idle" : "late",
    because: reasons.join("; "),
    lastAt,
    sizeBytes: current.reduce((sum, part) => sum + sizesOf(newest(part).record).plainBytes, 0),
    ...restored.every((each) => each !== undefined)
      ? {
        restored: {
          at: restored.map(({ verifiedAt }) => Temporal.Instant.from(verifiedAt))
            .toSorted(Temporal.Instant.compare)[0]!,
          durationMs: restored.reduce((sum, { durationMs }) => sum + durationMs, 0),
        },
      }
      : {},
  };
}

/** What is copied can be as old as what is there to copy, and a run of the copying more. */
function longestAge(sources: readonly BackupSource[], job: BackupJob, platform: Platform): number {
  const own = recoveryPoint(job).totalMs;
  if (job.task !== "copy-backups") return own;
  const makers = sources.flatMap((source) => jobsMaking(source, platform))
    .filter(([, { store }]) => store === job.from);
  return own + Math.max(0, ...makers.map(([, maker]) => recoveryPoint(maker).totalMs));
}

function newest({ backups }: Pick<BackupListing, "backups">): ListedBackup {
  return backups[0]!;
}

function beganAt(listing: Pick<BackupListing, "backups">): Temporal.Instant {
  return Temporal.Instant.from(newest(listing).record.createdAt);
}

function isWithin(at: Temporal.Instant, ageMs: number, now: Temporal.Instant): boolean {
  return now.since(at).total("milliseconds") <= ageMs;
}
