import assert from "node:assert/strict";
import {
  intervalThatKeeps,
  longestInterval,
  recoveryPoint,
} from "../../lib/review/recovery_point.ts";

const hours = (ms: number) => ms / 3_600_000;

Deno.test("the longest time between two starts is found over nights, weekends, months and leap years", () => {
  for (
    const [line, wanted] of [
      ["0 */6 * * *", 6],
      ["30 2 * * *", 24],
      // From 20:00 to 08:00 of the next day.
      ["0 8-20/4 * * *", 12],
      // From Friday's last to Monday's first.
      ["0 9-17 * * 1-5", 24 * 3 - 8],
      ["0 5 1 * *", 24 * 31],
      ["*/15 * * * *", 0.25],
      ["0 0 29 2 *", 24 * (365 * 4 + 1)],
      ["0 4 * * 0", 24 * 7],
    ] as const
  ) assert.equal(hours(longestInterval(line)), wanted, line);
});

Deno.test("what a dump can lose is its interval, how long it takes, and its jitter", () => {
  const job = { schedule: "0 */6 * * *", deadlineSeconds: 3600, jitter: "10m" };
  assert.deepEqual(recoveryPoint(job), {
    intervalMs: 6 * 3_600_000,
    durationMs: 3_600_000,
    jitterMs: 600_000,
    totalMs: 7 * 3_600_000 + 600_000,
  });
  assert.equal(recoveryPoint({ ...job, jitter: undefined }).jitterMs, 0);
  assert.equal(recoveryPoint({ ...job, jitter: undefined, runsOn: "host" }).jitterMs, 120_000);
  assert.equal(recoveryPoint(job, 60_000).totalMs, 6 * 3_600_000 + 660_000);
});

Deno.test("the proposed interval is the longest that keeps the objective, and no shorter than a dump takes", () => {
  const proposed = (objective: number, duration: number, jitter = 0) =>
    intervalThatKeeps(objective * 3_600_000, {
      durationMs: duration * 3_600_000,
      jitterMs: jitter * 3_600_000,
    })?.schedule;
  assert.equal(proposed(6, 1), "0 */4 * * *");
  assert.equal(proposed(25, 1), "0 0 * * *");
  assert.equal(proposed(1, 0.25), "*/30 * * * *");
  assert.equal(proposed(4, 2), "0 */2 * * *");
  assert.equal(proposed(4, 2, 0.5), undefined);
  for (const line of ["0 */4 * * *", "*/30 * * * *", "0 0 * * *"]) {
    assert.ok(longestInterval(line) > 0);
  }
});
