import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { policyOf } from "../../../lib/flows/backup/prune_policy.ts";
import type { BackupJob } from "../../../lib/platform/types.ts";
import { samplePostgresServer } from "../../platform/sample_data.ts";
import { sampleBackups } from "../../platform/sample_backups.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const job = (changes: Partial<BackupJob>): BackupJob => ({
  ...{ schedule: "0 3 * * *", deadlineSeconds: 60, task: "backup-postgres", store: "offsite" },
  ...changes,
});

const platform = (jobs: Record<string, BackupJob>) =>
  samplePlatform({ backups: sampleBackups({ jobs }) });

const source = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };

Deno.test("a source is kept for as long as the job says that makes its backups in that store", () => {
  const shop = platform({
    dump: job({ covers: ["postgres/main"], keep: { days: 30 }, requireVerified: true }),
    other: job({ covers: ["postgres/main2"], keep: { days: 1 } }),
    elsewhere: job({ covers: ["postgres/main"], keep: { days: 2 }, store: "near" }),
    mongodb: job({ covers: ["mongodb/main"], keep: { days: 3 }, task: "backup-mongodb" }),
  });
  const of = (changes: Partial<typeof source>, store = "offsite") =>
    policyOf({ ...source, ...changes }, store, shop);
  assert.deepEqual(of({}), { policy: { days: 30 }, requireVerified: true });
  assert.deepEqual(of({}, "near")?.policy, { days: 2 });
  assert.deepEqual(of({ kind: "mongodb" })?.policy, { days: 3 });
  assert.equal(of({ kind: "vault" }), undefined);
  assert.equal(of({ name: "mai" }), undefined);
});

Deno.test("jobs for different databases of one server keep each for its own time", () => {
  const shop = platform({
    orders: job({ covers: ["postgres/main"], databases: ["orders"], keep: { days: 30 } }),
    rest: job({ covers: ["postgres/main"], databases: ["cache"], keep: { days: 1 } }),
    never: job({ covers: ["postgres/main"], databases: ["old"] }),
  });
  assert.deepEqual(policyOf(source, "offsite", shop)?.policy, { days: 30 });
  assert.deepEqual(policyOf({ ...source, item: "cache" }, "offsite", shop)?.policy, { days: 1 });
  assert.equal(policyOf({ ...source, item: "old" }, "offsite", shop), undefined);
});

Deno.test("jobs that disagree about one source are refused with both of their names", () => {
  const shop = platform({ a: job({ keep: { days: 30 } }), b: job({ keep: { last: 3 } }) });
  assert.throws(() => policyOf(source, "offsite", shop), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /orders.* the job a says days=30, and b says last=3$/);
    return true;
  });
});

Deno.test("volumes are kept as the job says that covers what they are the claims of", () => {
  const volumes = {
    files: {
      ...{ namespace: "shop", storageClass: "fast", size: "1Gi" },
      accessModes: ["ReadWriteOnce" as const],
    },
  };
  const jobs = {
    volumes: job({ task: "backup-volume", covers: ["volumes/files"], keep: { days: 30 } }),
    sets: job({ task: "backup-volume", covers: ["postgres/main/data"], keep: { days: 7 } }),
  };
  const shop = samplePlatform({
    volumes,
    postgres: { main: samplePostgresServer({ namespace: "shop" }) },
    backups: sampleBackups({ jobs }),
  });
  const of = (item: string, name = "shop") =>
    policyOf({ kind: "volume", scope: "shop-test", name, item }, "offsite", shop)?.policy;
  assert.deepEqual(of("files"), { days: 30 });
  assert.deepEqual(of("data-main-0"), { days: 7 });
  assert.equal(of("data-main-wal"), undefined);
  assert.equal(of("files", "other"), undefined);
});
