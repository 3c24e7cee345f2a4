import assert from "node:assert/strict";
import { onCalendar } from "../../lib/systemd/calendar.ts";

Deno.test("a cron line becomes a calendar event in UTC", () => {
  assert.deepEqual(onCalendar("30 2 * * *"), ["*-*-* 02:30:00 UTC"]);
  assert.deepEqual(onCalendar("0 */6 * * *"), ["*-*-* 00,06,12,18:00:00 UTC"]);
  assert.deepEqual(onCalendar("* * * * *"), ["*-*-* *:*:00 UTC"]);
  assert.deepEqual(onCalendar("0 3 1 1,7 *"), ["*-01,07-01 03:00:00 UTC"]);
  assert.deepEqual(onCalendar("0 3 * * 1-5"), ["Mon,Tue,Wed,Thu,Fri *-*-* 03:00:00 UTC"]);
});

Deno.test("where either day suffices there are two events, as systemd wants both of one", () => {
  assert.deepEqual(onCalendar("15 4 13 * fri"), ["*-*-13 04:15:00 UTC", "Fri *-*-* 04:15:00 UTC"]);
});
