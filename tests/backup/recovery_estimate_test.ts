import assert from "node:assert/strict";
import {
  recoveryEstimate,
  recoveryText,
  sizeAtBackup,
} from "../../lib/backup/recovery_estimate.ts";

const gib = 2 ** 30;
const minute = 60_000;
const record = (plainBytes: number, details: Record<string, unknown> = {}) => ({
  objects: [{
    suffix: "dump.age",
    plain: { sizeBytes: plainBytes, sha256: "" },
    stored: { sizeBytes: 1, sha256: "" },
  }],
  details,
});

Deno.test("a restore is estimated in proportion to what was restored", () => {
  const estimate = recoveryEstimate(record(gib), { durationMs: 13 * minute }, 10 * gib);
  assert.equal(estimate?.durationMs, 130 * minute);
  assert.equal(
    recoveryText(estimate, { name: "data", allowedMs: 120 * minute }),
    "about 2 h 10 min, by the 13 min 0 s that 1 GiB took; it is 10 GiB now; longer than the 2 h 0 min that data allows",
  );
  assert.match(
    recoveryText(estimate, { name: "data", allowedMs: 240 * minute }),
    /; within the 4 h/,
  );
});

Deno.test("the size on the server counts more than that of the dump, for it is what grows", () => {
  assert.equal(sizeAtBackup(record(gib, { sizeBytes: 3 * gib })), 3 * gib);
  const estimate = recoveryEstimate(
    record(gib, { sizeBytes: 3 * gib }),
    { durationMs: 5 },
    6 * gib,
  );
  assert.equal(estimate?.durationMs, 10);
});

Deno.test("a restore is never said to be faster than was measured", () => {
  const estimate = recoveryEstimate(record(gib), { durationMs: minute }, 1);
  assert.equal(recoveryText(estimate!), "about 1 min 0 s, by the 1 min 0 s that 1 GiB took");
  assert.equal(recoveryEstimate(record(gib), { durationMs: minute })?.durationMs, minute);
});

Deno.test("what had no size tells nothing of others", () => {
  assert.equal(recoveryEstimate(record(0), { durationMs: minute }, gib), undefined);
});
