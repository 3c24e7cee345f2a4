import assert from "node:assert/strict";
import { renderPlatform } from "../../../lib/flows/render/render.ts";
import type { BackupJob, CnpgCluster, RecoveryObjective } from "../../../lib/platform/types.ts";
import { review } from "../../../lib/review/review.ts";
import {
  recoveryPointMissed,
  walArchiveMissing,
} from "../../../lib/review/rules/recovery_point.ts";
import { sampleBackups, sampleJob } from "../../platform/sample_backups.ts";
import { complaints, object, podSpec } from "../sample_objects.ts";

const walArchive = {
  ...{
    bucket: "s3://wal",
    secret: { name: "wal", accessKeyKey: "key", secretKeyKey: "secret" },
    baseBackupSchedule: "0 1 * * *",
  },
  keepForDays: 7,
};

const cluster = (changes: Partial<CnpgCluster> = {}) =>
  ({ kind: "cnpg", namespace: "shop", ...changes }) as CnpgCluster;

const objects = [
  object("CronJob", "dump", {
    jobTemplate: { spec: { template: { metadata: {}, spec: podSpec() } } },
  }, { apiVersion: "batch/v1" }),
  object("Cluster", "main", {}, { apiVersion: "postgresql.cnpg.io/v1" }),
];

const told = (
  job: Partial<BackupJob>,
  objective: RecoveryObjective,
  main: CnpgCluster = cluster(),
) =>
  complaints(recoveryPointMissed, objects, {
    postgres: { main },
    backups: sampleBackups({
      jobs: { dump: sampleJob({ schedule: "0 */6 * * *", ...job }) },
      objectives: { data: objective },
    }),
  });

Deno.test("a dump as often as its objective says is not often enough", async () => {
  const { platform, manifests } = await renderPlatform(
    { platform: "glucosync", env: "production" },
    { cwd: Deno.cwd() },
  );
  const [finding, ...others] = review(manifests, platform, [recoveryPointMissed]).findings;
  assert.equal(finding?.object.name, "backup-mongodb");
  assert.equal(
    finding.because,
    "up to 7 h are lost (6 h between two runs, 1 h that one may take), and backups.objectives.data allows 6 h",
  );
  assert.equal(
    finding.remedy,
    'run it every 4 h ("0 */4 * * *"), or archive its oplog between the dumps',
  );
  assert.deepEqual(others, []);
});

Deno.test("a job is held against the objectives whose words name it, wholly", () => {
  assert.equal(told({}, { recoveryPoint: "6h", by: "dump, and hope" }).length, 1);
  assert.deepEqual(told({}, { recoveryPoint: "6h", by: "dump-2 and the dumps" }), []);
  assert.deepEqual(told({}, { recoveryPoint: "7h", by: "dump" }), []);
  assert.deepEqual(told({}, { recoveryTime: "1h", by: "dump" }), []);
  assert.deepEqual(told({ task: "verify-backups" }, { recoveryPoint: "1h", by: "dump" }), []);
});

Deno.test("where the WAL is archived, dumps need not keep the objective", () => {
  const job: Partial<BackupJob> = { task: "backup-postgres", covers: ["postgres/main"] };
  const objective = { recoveryPoint: "6h", by: "dump" };
  assert.match(told(job, objective)[0] ?? "", /^CronJob shop\/dump: up to 7 h are lost/);
  assert.deepEqual(told(job, objective, cluster({ walArchive })), []);
});

Deno.test("jitter of a host counts, and what it backs up is named in place of a CronJob", () => {
  const [text] = told({
    ...{ runsOn: "host", namespace: undefined, jitter: "30m", task: "backup-postgres" },
    covers: ["postgres/main"],
  }, { recoveryPoint: "2h", by: "dump" });
  assert.match(text ?? "", /^Cluster shop\/main: up to 7 h 30 min .* 30 min of jitter\)/);
});

Deno.test("a cluster whose WAL goes nowhere is told where an objective relies on it", () => {
  const found = (by: string, main: CnpgCluster) =>
    complaints(walArchiveMissing, objects, {
      postgres: { main },
      backups: sampleBackups({ objectives: { data: { recoveryPoint: "5m", by } } }),
    });
  assert.match(
    found("archives of WAL", cluster())[0] ?? "",
    /^Cluster shop\/main: backups.objectives.data relies on archives of WAL/,
  );
  assert.deepEqual(found("archives of WAL", cluster({ walArchive })), []);
  assert.deepEqual(found("Walter's dumps", cluster()), []);
});
