import assert from "node:assert/strict";
import { unboundedJob } from "../../../lib/review/rules/unbounded_job.ts";
import { complaints, object } from "../sample_objects.ts";

Deno.test("a job ends in time and not beside itself", () => {
  const cron = (concurrencyPolicy: string | undefined, activeDeadlineSeconds: number | undefined) =>
    complaints(unboundedJob, [
      object("CronJob", "dump", {
        concurrencyPolicy,
        jobTemplate: { spec: { activeDeadlineSeconds } },
      }),
    ]).length;
  assert.equal(cron(undefined, undefined), 2);
  assert.equal(cron("Forbid", undefined), 1);
  assert.equal(cron("Replace", 60), 0);
  assert.equal(complaints(unboundedJob, [object("Job", "once", {})]).length, 1);
  assert.deepEqual(
    complaints(unboundedJob, [object("Job", "once", { activeDeadlineSeconds: 60 })]),
    [],
  );
});
