import { UsageError } from "./errors.ts";

/**
 * When something runs, by a cron line of five fields, always in UTC. The form is that of Kubernetes' CronJobs, of which
 * a line means the same on a host. Source: github.com/robfig/cron v3, ParseStandard, which Kubernetes reads lines by.
 */
export interface Cron {
  /** Minutes of the hour, ascending. */
  minutes: readonly number[];
  /** Hours of the day, ascending. */
  hours: readonly number[];
  /** Days of the month, ascending; undefined where any will do. */
  daysOfMonth?: readonly number[];
  /** Months, January is 1, ascending. */
  months: readonly number[];
  /** Days of the week, Sunday is 0, ascending; undefined where any will do. With days of the month, either suffices. */
  daysOfWeek?: readonly number[];
}

const monthNames = [
  "jan",
  "feb",
  "mar",
  "apr",
  "may",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct",
  "nov",
  "dec",
];
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: monthNames },
  { name: "day of the week", min: 0, max: 6, names: dayNames },
] as const;

type Field = typeof fields[number];

/**
 * Read a cron line.
 *
 * @throws {UsageError} when it is none, or names a time that never comes
 */
export function parseCron(line: string): Cron {
  const texts = line.trim().split(/\s+/);
  if (texts.length !== fields.length) {
    throw new UsageError(
      `Cannot read the cron line "${line}": it has ${texts.length} fields, wanted 5`,
      { remedy: 'write minute, hour, day, month and day of the week, such as "30 2 * * *"' },
    );
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = fields.map((field, at) =>
    readField(texts[at]!, field, line)
  );
  const cron: Cron = {
    minutes: minutes!,
    hours: hours!,
    months: months!,
    ...isAny(texts[2]!) ? {} : { daysOfMonth: daysOfMonth! },
    ...isAny(texts[4]!) ? {} : { daysOfWeek: daysOfWeek! },
  };
  const longest = (month: number) => month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (
    cron.daysOfMonth !== undefined && cron.daysOfWeek === undefined &&
    cron.months.every((month) => cron.daysOfMonth!.every((day) => day > longest(month)))
  ) {
    throw new UsageError(`Cannot read the cron line "${line}": its months have no such day`);
  }
  return cron;
}

/** A list with a part that is `*`, `?`, or `*` with a step of 1, leaves the day to the other field. */
function isAny(text: string): boolean {
  return text.split(",").some((part) => /^[*?](\/1)?$/.test(part));
}

function readField(text: string, field: Field, line: string): number[] {
  const values = text.split(",").flatMap((part) => readPart(part, field, line));
  return [...new Set(values)].sort((a, b) => a - b);
}

function readPart(part: string, field: Field, line: string): number[] {
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const [first = "", last] = range.split("-");
  const whole = range === "*" || range === "?";
  const from = whole ? field.min : readValue(first, field);
  // A single value with a step goes on to the end.
  const to = whole || (last === undefined && step !== undefined)
    ? field.max
    : last === undefined
    ? from
    : readValue(last, field);
  const by = step === undefined ? 1 : Number(step);
  if (
    from === undefined || to === undefined || by < 1 || from < field.min || to > field.max ||
    from > to || range.split("-").length > 2
  ) {
    throw new UsageError(
      `Cannot read the cron line "${line}": its ${field.name} has "${part}", wanted ${field.min} to ${field.max}`,
      field.name === "day of the week" && /7/.test(part) ? { remedy: "Sunday is 0" } : {},
    );
  }
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function readValue(text: string, { names, min }: Field): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = (names as readonly string[]).indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + min;
}

/** No pattern of days takes longer to come again: from one 29 February to the next there can be eight years. */
const searchedDays = 8 * 366 + 7;

/** The times at which a line runs after an instant, which itself does not count, in order, without an end. */
export function* runsAfter(cron: Cron, after: Temporal.Instant): Generator<Temporal.Instant> {
  let day = after.toZonedDateTimeISO("UTC").toPlainDate();
  for (let empty = 0; empty < searchedDays; day = day.add({ days: 1 })) {
    if (!isOn(cron, day)) {
      empty++;
      continue;
    }
    empty = 0;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const at = day.toZonedDateTime({ timeZone: "UTC", plainTime: { hour, minute } })
          .toInstant();
        if (Temporal.Instant.compare(at, after) > 0) yield at;
      }
    }
  }
}

/** The first time at which a line runs after an instant; undefined when it never does. */
export function nextRun(cron: Cron, after: Temporal.Instant): Temporal.Instant | undefined {
  return runsAfter(cron, after).next().value ?? undefined;
}

/** The times at which a line runs after one instant and not after another, at most `limit` of them. */
export function runsBetween(
  cron: Cron,
  after: Temporal.Instant,
  until: Temporal.Instant,
  limit = 1_000,
): Temporal.Instant[] {
  const found: Temporal.Instant[] = [];
  for (const at of runsAfter(cron, after)) {
    if (found.length === limit || Temporal.Instant.compare(at, until) > 0) break;
    found.push(at);
  }
  return found;
}

function isOn(cron: Cron, day: Temporal.PlainDate): boolean {
  const { daysOfMonth, daysOfWeek } = cron;
  if (!cron.months.includes(day.month)) return false;
  const byMonth = daysOfMonth?.includes(day.day);
  // Temporal's Sunday is 7.
  const byWeek = daysOfWeek?.includes(day.dayOfWeek % 7);
  if (byMonth !== undefined && byWeek !== undefined) return byMonth || byWeek;
  return byMonth ?? byWeek ?? true;
}
