/**
 * For how long backups are kept. A backup that any part of it keeps is kept: `hours` and `days` keep all that are
 * younger, `last` the newest ones, and each of the others the newest backup of that many hours, days, weeks, months or
 * years.
 */
export interface RetentionPolicy {
  /** This many of the newest backups. */
  last?: number;
  /** All backups of this many hours. */
  hours?: number;
  /** All backups of this many days. */
  days?: number;
  /** One backup for each of the last hours. */
  hourly?: number;
  /** One backup for each of the last days. */
  daily?: number;
  /** One backup for each of the last weeks. */
  weekly?: number;
  /** One backup for each of the last months. */
  monthly?: number;
  /** One backup for each of the last years. */
  yearly?: number;
}

/** What a policy can count, in the order in which it is written. */
export const retentionUnits = [
  "last",
  "hours",
  "days",
  "hourly",
  "daily",
  "weekly",
  "monthly",
  "yearly",
] as const satisfies readonly (keyof RetentionPolicy)[];

const unit = retentionUnits.join("|");
const nameForm = new RegExp(`^[1-9]\\d*-(${unit})(-[1-9]\\d*-(${unit}))*$`);
const listForm = new RegExp(`^(${unit})=[1-9]\\d*(,(${unit})=[1-9]\\d*)*$`);

/**
 * A policy by its name, such as `7-daily-4-weekly-3-monthly` or `30-days`, or as arguments have it, such as
 * `daily=7,weekly=4`; undefined for what is neither, or says one thing twice.
 */
export function retentionOf(text: string): RetentionPolicy | undefined {
  const words = text.split(/[-=,]/);
  const pairs = nameForm.test(text)
    ? pairsOf(words).map(([count, unit]) => [unit, count])
    : listForm.test(text)
    ? pairsOf(words)
    : [];
  const policy = Object.fromEntries(pairs.map(([unit, count]) => [unit, Number(count)]));
  return pairs.length === 0 || Object.keys(policy).length < pairs.length ? undefined : policy;
}

function pairsOf(words: readonly string[]): [string, string][] {
  return words.flatMap((word, at) => at % 2 === 0 ? [[word, words[at + 1]!] as const] : [])
    .map(([first, second]) => [first, second]);
}

/** A policy as arguments have it: `days=30`, or `daily=7,weekly=4,monthly=3`. */
export function retentionText(policy: RetentionPolicy): string {
  return retentionUnits.filter((unit) => policy[unit] !== undefined)
    .map((unit) => `${unit}=${policy[unit]}`).join(",");
}
