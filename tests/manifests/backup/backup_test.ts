import assert from "node:assert/strict";
import { backupObjects } from "../../../manifests/components/backup/sections.ts";
import type { BackupJob } from "../../../lib/platform/types.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleJob,
  sampleStore,
} from "../../platform/sample_backups.ts";

interface Container {
  command: string[];
  env?: unknown[];
  volumeMounts: { mountPath: string }[];
}

function containerOf(job: Partial<BackupJob>, store = sampleStore()): Container {
  const backups = sampleBackups({
    stores: { minio: store },
    jobs: { dump: sampleJob(job) },
  });
  const [cronJob] = backupObjects(backedUpPlatform(backups))
    .filter(({ kind }) => kind === "CronJob");
  const { jobTemplate } = cronJob!["spec"] as {
    jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
  };
  return jobTemplate.spec.template.spec.containers[0]!;
}

Deno.test("a job is told what to back up, where to and for how long", () => {
  const { command } = containerOf({
    covers: ["mongodb/main"],
    keep: { daily: 7, weekly: 4, monthly: 3 },
  });
  assert.deepEqual(command, [
    ...["deno", "task", "backup-mongodb", "main"],
    ...["--store", "s3://backups", "--region", "us-east-1"],
    ...["--endpoint", "http://minio.shop.svc:9000"],
    ...["--keep", "daily=7,weekly=4,monthly=3"],
  ]);
});

Deno.test("a job shows Postgres its certificate, and wants to see the server's", () => {
  const container = containerOf({ clientCertificate: "dump-tls", store: undefined });
  assert.deepEqual(container.env, [
    { name: "PGSSLMODE", value: "verify-full" },
    { name: "PGSSLCERT", value: "/tls/tls.crt" },
    { name: "PGSSLKEY", value: "/tls/tls.key" },
    { name: "PGSSLROOTCERT", value: "/tls/ca.crt" },
  ]);
  assert.deepEqual(
    container.volumeMounts.find(({ mountPath }) => mountPath === "/tls"),
    { name: "tls", mountPath: "/tls", readOnly: true },
  );
});

Deno.test("a store with a folder, outside of this cluster, is named whole", () => {
  const { command } = containerOf(
    { keep: { days: 30 } },
    sampleStore({
      bucket: "far-away",
      prefix: "mongodb",
      region: "eu-central-1",
      onThisCluster: undefined,
    }),
  );
  assert.deepEqual(command.slice(3), [
    ...["--store", "s3://far-away/mongodb", "--region", "eu-central-1"],
    ...["--keep", "days=30"],
  ]);
});

Deno.test("a store's credentials reach a job as environment, never as arguments", () => {
  const ofKey = (key: string) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: "store", key } },
  });
  assert.deepEqual(containerOf({}).env, [
    ofKey("AWS_ACCESS_KEY_ID"),
    ofKey("AWS_SECRET_ACCESS_KEY"),
  ]);
});

Deno.test("a job without a store is told nothing but its task", () => {
  const { command, env } = containerOf({ store: undefined });
  assert.deepEqual(command, ["deno", "task", "backup-mongodb"]);
  assert.equal(env, undefined);
});
