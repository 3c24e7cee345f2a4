import { parseCron, runsAfter } from "../core/cron.ts";
import { parseDuration } from "../core/units.ts";
import { usualJitter } from "../platform/backups.ts";
import type { BackupJob } from "../platform/types.ts";

/** What decides how much a job that dumps at times can lose. */
export type DumpTiming = Pick<BackupJob, "schedule" | "runsOn" | "jitter" | "deadlineSeconds">;

/** What is lost at worst where there is only a dump to go back to, in milliseconds. */
export interface RecoveryPoint {
  /** Longest time between two starts. */
  intervalMs: number;
  /** How long a dump takes: as was measured, or else as long as it may. */
  durationMs: number;
  /** How much later than planned it may start. */
  jitterMs: number;
  /** All of them together: a change just after one dump began is safe only when the next one has ended. */
  totalMs: number;
}

/**
 * What a job can lose at worst.
 *
 * @param measuredMs how long its dumps take, where that is known
 * @throws {UsageError} when its schedule is no cron line
 */
export function recoveryPoint(job: DumpTiming, measuredMs?: number): RecoveryPoint {
  const intervalMs = longestInterval(job.schedule);
  const durationMs = measuredMs ?? job.deadlineSeconds * 1_000;
  const jitter = job.jitter ?? (job.runsOn === "host" ? usualJitter : undefined);
  const jitterMs = jitter === undefined ? 0 : parseDuration(jitter);
  return { intervalMs, durationMs, jitterMs, totalMs: intervalMs + durationMs + jitterMs };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Intervals that a cron line can have on every day alike, from the longest, each with its line. */
const intervals = [
  ...[24, 12, 8, 6, 4, 3, 2, 1].map((hours) => ({
    everyMs: hours * hourMs,
    schedule: hours === 24 ? "0 0 * * *" : hours === 1 ? "0 * * * *" : `0 */${hours} * * *`,
  })),
  ...[30, 20, 15, 10, 5].map((minutes) => ({
    everyMs: minutes * minuteMs,
    schedule: `*/${minutes} * * * *`,
  })),
];

/** An interval, and the cron line that has it. */
export interface ProposedInterval {
  /** Time between two starts, in milliseconds. */
  everyMs: number;
  /** As `schedule` has it. */
  schedule: string;
}

/**
 * The longest interval by which dumps lose no more than an objective allows. Undefined where none does, also because
 * one dump would begin before the one before it has ended.
 */
export function intervalThatKeeps(
  objectiveMs: number,
  { durationMs, jitterMs }: Pick<RecoveryPoint, "durationMs" | "jitterMs">,
): ProposedInterval | undefined {
  return intervals.find(({ everyMs }) =>
    everyMs + durationMs + jitterMs <= objectiveMs && everyMs >= durationMs + jitterMs
  );
}

/** As many days are looked at as have all patterns in them: from one 29 February to the next can be eight years. */
const lookedAt = { hours: 24 * 366 * 9 };
const longestSearch = 1_000;

/**
 * Longest time between two starts of a cron line, in milliseconds.
 *
 * @throws {UsageError} when it is none
 */
export function longestInterval(line: string): number {
  const cron = parseCron(line);
  const minutesOfDay = cron.hours.flatMap((hour) =>
    cron.minutes.map((minute) => hour * 60 + minute)
  )
    .toSorted((a, b) => a - b);
  const [first, last] = [minutesOfDay[0]!, minutesOfDay.at(-1)!];
  const within = minutesOfDay.slice(1).map((minute, at) => minute - minutesOfDay[at]!);

  // The days are the same whatever runs on them, so one run on each is enough to find them.
  const daily = { ...cron, hours: [0], minutes: [0] };
  const begin = Temporal.Instant.from("2024-01-01T00:00:00Z");
  const end = begin.add(lookedAt);
  let longest = Math.max(0, ...within);
  let before: Temporal.Instant | undefined;
  let count = 0;
  for (const day of runsAfter(daily, begin)) {
    if (count++ === longestSearch || Temporal.Instant.compare(day, end) > 0) break;
    const minutes = before === undefined ? 0 : day.since(before).total("minutes") - (last - first);
    longest = Math.max(longest, minutes);
    before = day;
  }
  return longest * minuteMs;
}
