import assert from "node:assert/strict";
import { retentionOf, retentionText } from "../../lib/core/retention.ts";

Deno.test("policies have names that say what they keep", () => {
  assert.deepEqual(retentionOf("7-days"), { days: 7 });
  assert.deepEqual(retentionOf("72-hourly"), { hourly: 72 });
  assert.deepEqual(retentionOf("7-daily-4-weekly-3-monthly"), { daily: 7, weekly: 4, monthly: 3 });
});

Deno.test("policies stand in arguments as lists, and come back as they were", () => {
  assert.deepEqual(retentionOf("last=3,yearly=2"), { last: 3, yearly: 2 });
  const policy = { last: 1, hours: 12, hourly: 24, daily: 7, weekly: 4, monthly: 3, yearly: 2 };
  assert.deepEqual(retentionOf(retentionText(policy)), policy);
});

Deno.test("what is no policy, keeps nothing, or says one thing twice is none", () => {
  const none = [
    "",
    "7",
    "7-dayly",
    "0-days",
    "days=0",
    "7-days-3-days",
    "daily=7,daily=4",
    "daily=7-weekly=4",
    "7-days,",
    "1.5-days",
  ];
  for (const text of none) {
    assert.equal(retentionOf(text), undefined, text);
  }
});
