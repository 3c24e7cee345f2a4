import assert from "node:assert/strict";
import fc from "fast-check";
import { nextRun, parseCron, runsBetween } from "../../lib/core/cron.ts";

function next(line: string, after: string): string | undefined {
  return nextRun(parseCron(line), Temporal.Instant.from(after))?.toString();
}

Deno.test("nextRun() is after the given instant, never at it", () => {
  assert.equal(next("30 2 * * *", "2026-11-21T02:29:59Z"), "2026-11-21T02:30:00Z");
  assert.equal(next("30 2 * * *", "2026-11-21T02:30:00Z"), "2026-11-22T02:30:00Z");
});

Deno.test("steps, ranges, lists and names mean what they do to Kubernetes", () => {
  const after = "2026-11-21T15:25:00Z"; // a Saturday
  assert.equal(next("0 */6 * * *", after), "2026-11-21T18:00:00Z");
  assert.equal(next("5/20 * * * *", after), "2026-11-21T15:45:00Z");
  assert.equal(next("0 9-17/4 * * MON-FRI", after), "2026-11-23T09:00:00Z");
  assert.equal(next("0 3 * * 0", after), "2026-11-22T03:00:00Z");
  assert.equal(next("0 5 1 jan,jul *", after), "2027-01-01T05:00:00Z");
});

Deno.test("of a day of the month and a day of the week, either suffices, unless one of them is any", () => {
  assert.equal(next("0 0 13 * 5", "2026-11-21T00:00:00Z"), "2026-11-27T00:00:00Z");
  assert.equal(next("0 0 13 * 5", "2026-12-12T00:00:00Z"), "2026-12-13T00:00:00Z");
  assert.equal(next("0 0 13 * ?", "2026-11-21T00:00:00Z"), "2026-12-13T00:00:00Z");
  // With a step it is no longer any day, to Kubernetes.
  assert.equal(next("0 0 */2 * 5", "2026-11-26T00:00:00Z"), "2026-11-27T00:00:00Z");
});

Deno.test("29 February comes, and 30 February is refused", () => {
  assert.equal(next("0 0 29 2 *", "2026-01-01T00:00:00Z"), "2028-02-29T00:00:00Z");
  assert.equal(next("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00Z");
  assert.throws(() => parseCron("0 0 30 2 *"), /no such day/);
});

Deno.test("a line that Kubernetes would refuse is refused with the field and what it has", () => {
  assert.throws(() => parseCron("0 0 * * 7"), {
    message: 'Cannot read the cron line "0 0 * * 7": its day of the week has "7", wanted 0 to 6',
    remedy: "Sunday is 0",
  });
  for (
    const line of [
      "* * * *",
      "60 * * * *",
      "*/0 * * * *",
      "5-1 * * * *",
      "1-2-3 * * * *",
      "x * * * *",
      "1.5 * * * *",
      "-1 * * * *",
    ]
  ) {
    assert.throws(() => parseCron(line), /^UsageError: Cannot read the cron line/, line);
  }
});

Deno.test("runsBetween() has each run once, in order, with its end and without its beginning", () => {
  const [from, to] = ["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"].map(Temporal.Instant.from);
  assert.deepEqual(
    runsBetween(parseCron("0 */6 * * *"), from!, to!).map(String),
    ["06", "12", "18"].map((hour) => `2026-11-21T${hour}:00:00Z`).concat("2026-11-22T00:00:00Z"),
  );
  assert.equal(runsBetween(parseCron("* * * * *"), from!, to!, 10).length, 10);
});

Deno.test("no run that a line names is skipped, whatever the line", () => {
  const number = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(number(59), number(23), number(27), number(6), (minute, hour, day, weekday) => {
      const cron = parseCron(`${minute} ${hour} ${day + 1} * ${weekday}`);
      const from = Temporal.Instant.from("2026-01-01T00:00:00Z");
      const runs = runsBetween(cron, from, from.add({ hours: 24 * 59 })).map(String);
      const wanted = Array.from({ length: 59 }, (_, at) => at).map((at) =>
        Temporal.PlainDateTime.from("2026-01-01").add({ days: at }).with({ hour, minute })
      ).filter((at) => at.day === day + 1 || at.dayOfWeek % 7 === weekday)
        .map((at) => at.toZonedDateTime("UTC").toInstant())
        .filter((at) => Temporal.Instant.compare(at, from) > 0).map(String);
      assert.deepEqual(runs, wanted);
    }),
  );
});
