import type { RetentionPolicy } from "../core/retention.ts";

/** A moment at which something was backed up. */
export interface Dated {
  /** Id of the backup. */
  id: string;
  /** When it began. */
  at: Temporal.Instant;
}

/** What one part of a policy says of one backup. */
export interface RuleVerdict {
  /** Whether this part keeps it. */
  keep: boolean;
  /** Why, or why not. */
  because: string;
}

/** Periods of which a policy keeps one backup each, and how they are named. ISO 8601 has the weeks. */
const periods = {
  hourly: (at) => `${at.toPlainDate()}T${String(at.hour).padStart(2, "0")}${at.offset}`,
  daily: (at) => at.toPlainDate().toString(),
  weekly: (at) => `${at.yearOfWeek}-W${String(at.weekOfYear).padStart(2, "0")}`,
  monthly: (at) => at.toPlainDate().toPlainYearMonth().toString(),
  yearly: (at) => String(at.year),
} satisfies Partial<Record<keyof RetentionPolicy, (at: Temporal.ZonedDateTime) => string>>;

/**
 * What each part of a policy says of each backup. They are given newest first. Periods without a backup do not count,
 * and ages are those against the newest backup: where backups have stopped, none gets lost by the time that passes.
 */
export function applyPolicy(
  newestFirst: readonly Dated[],
  policy: RetentionPolicy,
  timeZone: string,
): RuleVerdict[][] {
  const verdicts: RuleVerdict[][] = newestFirst.map(() => []);
  const add = (rule: RuleVerdict[]) => rule.forEach((verdict, at) => verdicts[at]!.push(verdict));
  const { last, hours, days } = policy;
  if (last !== undefined) add(byCount(newestFirst, last));
  if (hours !== undefined) add(byAge(newestFirst, hours, "hours"));
  if (days !== undefined) add(byAge(newestFirst, days * 24, "days"));
  for (const [unit, nameOf] of Object.entries(periods)) {
    const count = policy[unit as keyof typeof periods];
    if (count !== undefined) {
      const name = ({ at }: Dated) => nameOf(at.toZonedDateTimeISO(timeZone));
      add(byPeriod(newestFirst, { unit, count, name }));
    }
  }
  return verdicts;
}

function byCount(newestFirst: readonly Dated[], count: number): RuleVerdict[] {
  return newestFirst.map((_, at) =>
    at < count
      ? { keep: true, because: `last ${at + 1} of ${count}` }
      : { keep: false, because: `not of the last ${count}` }
  );
}

function byAge(
  newestFirst: readonly Dated[],
  ageHours: number,
  unit: "hours" | "days",
): RuleVerdict[] {
  const span = `${unit === "days" ? ageHours / 24 : ageHours} ${unit}`;
  const oldest = newestFirst[0]?.at.subtract({ hours: ageHours });
  return newestFirst.map(({ at }) =>
    Temporal.Instant.compare(at, oldest!) >= 0
      ? { keep: true, because: `within ${span} of the newest` }
      : { keep: false, because: `more than ${span} older than the newest` }
  );
}

function byPeriod(
  newestFirst: readonly Dated[],
  { unit, count, name }: { unit: string; count: number; name: (backup: Dated) => string },
): RuleVerdict[] {
  const seen = new Set<string>();
  return newestFirst.map((backup) => {
    const period = name(backup);
    if (seen.has(period)) return { keep: false, because: `${unit} ${period} has a later one` };
    seen.add(period);
    return seen.size <= count
      ? { keep: true, because: `${unit} ${period}` }
      : { keep: false, because: `${unit} ${period} is beyond the last ${count}` };
  });
}
