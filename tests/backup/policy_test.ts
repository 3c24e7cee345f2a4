import assert from "node:assert/strict";
import { parseRetention } from "../../lib/backup/policy.ts";
import { UsageError } from "../../lib/core/errors.ts";

Deno.test("parseRetention() reads names and lists", () => {
  assert.deepEqual(parseRetention("7-daily-4-weekly-3-monthly"), {
    daily: 7,
    weekly: 4,
    monthly: 3,
  });
  assert.deepEqual(parseRetention("last=3,yearly=2"), { last: 3, yearly: 2 });
});

Deno.test("parseRetention() says what is wrong with the rest, and what can be counted", () => {
  for (
    const text of ["", "7", "daily", "daily=0", "daily=7,daily=8", "fortnightly=2", "7-daily-"]
  ) {
    assert.throws(() => parseRetention(text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /wanted a form such as daily=7/);
      assert.match(error.remedy ?? "", /last, hours, days, hourly, daily, weekly, monthly, yearly/);
      return true;
    });
  }
});
