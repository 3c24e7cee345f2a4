/**
 * A moment for people, in their own time zone and in UTC: `2026-11-21 16:30 +01:00 (15:30 UTC)`; once where they are
 * the same.
 *
 * @param timeZone name of the zone @default that of this machine
 */
export function localAndUtc(
  at: Temporal.Instant,
  timeZone: string = Temporal.Now.timeZoneId(),
): string {
  const utc = at.toZonedDateTimeISO("UTC");
  const local = at.toZonedDateTimeISO(timeZone);
  const day = (time: Temporal.ZonedDateTime) => time.toPlainDate().toString();
  const minute = (time: Temporal.ZonedDateTime) => time.toPlainTime().toString().slice(0, 5);
  if (local.offsetNanoseconds === 0) return `${day(utc)} ${minute(utc)} UTC`;
  const there = day(local) === day(utc) ? minute(utc) : `${day(utc)} ${minute(utc)}`;
  return `${day(local)} ${minute(local)} ${local.offset} (${there} UTC)`;
}
