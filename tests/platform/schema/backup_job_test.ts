import assert from "node:assert/strict";
import { job } from "../../../lib/platform/schema/backup_job.ts";

function parsed(changes: Record<string, unknown>) {
  const base = { schedule: "0 0 * * *", task: "backup-postgres", deadlineSeconds: 60 };
  return job.safeParse({ ...base, ...changes });
}

Deno.test("a policy by its name becomes what it means", () => {
  const keep = (keep: unknown) => parsed({ keep }).data?.keep;
  assert.deepEqual(keep("7-daily-4-weekly-3-monthly"), { daily: 7, weekly: 4, monthly: 3 });
  assert.deepEqual(keep({ last: 3, days: 7 }), { last: 3, days: 7 });
  for (const refused of ["7-dayly", "often", {}, { days: 0 }, { days: 7, hours: 12 }]) {
    assert.equal(keep(refused), undefined, JSON.stringify(refused));
  }
});

Deno.test("a URL with a password has no place in a platform file", () => {
  const taken = (connection: string) => parsed({ connection }).success;
  assert.equal(taken("postgresql://backup@db.example.org:5432/shop"), true);
  assert.equal(taken("postgresql:///shop?host=/run/postgresql"), true);
  assert.equal(taken("postgresql://backup:geheim@db.example.org/shop"), false);
});
