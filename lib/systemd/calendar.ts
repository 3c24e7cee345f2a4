import { type Cron, parseCron } from "../core/cron.ts";

const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/**
 * A cron line as the expressions of `OnCalendar=`, in UTC. There are two where a day of the month or a day of the week
 * suffices, since one expression wants both. Source: systemd.time(7), "Calendar Events".
 *
 * @throws {UsageError} when it is no cron line
 */
export function onCalendar(line: string): string[] {
  const cron = parseCron(line);
  const { daysOfMonth, daysOfWeek } = cron;
  const either = daysOfMonth !== undefined && daysOfWeek !== undefined;
  return either
    ? [
      expression({ ...cron, daysOfWeek: undefined }),
      expression({ ...cron, daysOfMonth: undefined }),
    ]
    : [expression(cron)];
}

function expression({ minutes, hours, daysOfMonth, months, daysOfWeek }: Cron): string {
  const days = daysOfWeek === undefined
    ? ""
    : `${daysOfWeek.map((day) => dayNames[day]).join(",")} `;
  const month = months.length === 12 ? "*" : listOf(months);
  const day = daysOfMonth === undefined ? "*" : listOf(daysOfMonth);
  const hour = hours.length === 24 ? "*" : listOf(hours);
  return `${days}*-${month}-${day} ${hour}:${minutes.length === 60 ? "*" : listOf(minutes)}:00 UTC`;
}

function listOf(values: readonly number[]): string {
  return values.map((value) => String(value).padStart(2, "0")).join(",");
}
