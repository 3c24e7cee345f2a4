import assert from "node:assert/strict";
import { dirname } from "node:path";
import { backupObjects } from "../../../manifests/components/backup/sections.ts";
import { jobPaths } from "../../../lib/platform/backups.ts";
import type { BackupJob, Platform } from "../../../lib/platform/types.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleJob,
  sampleStore,
} from "../../platform/sample_backups.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

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

/** The pod of a job that backs up the Vault `main`, which another one unseals. */
function vaultPod(changes: Partial<Platform> = {}) {
  const seal = {
    vault: "sealer",
    mountPath: "transit",
    key: "autounseal",
    token: { secret: "unseal", key: "token" },
    role: "unseal",
  };
  const main = sampleVault({ namespace: "shop", tls: { secret: "main-tls" }, seal });
  const backups = sampleBackups({
    jobs: { "nightly-vault": sampleJob({ task: "backup-vault", covers: ["vaults/main"] }) },
  });
  const platform = { ...backedUpPlatform(backups), vaults: { main }, ...changes };
  const [cronJob] = backupObjects(platform).filter(({ kind }) => kind === "CronJob");
  const { jobTemplate } = cronJob!["spec"] as {
    jobTemplate: {
      spec: {
        template: {
          spec: {
            automountServiceAccountToken: boolean;
            containers: Container[];
            volumes: Record<string, unknown>[];
          };
        };
      };
    };
  };
  return jobTemplate.spec.template.spec;
}

Deno.test("a job that backs up a Vault says of which platform, and logs in by the role of its name", () => {
  const { command } = vaultPod().containers[0]!;
  assert.deepEqual(command.slice(2, 10), [
    ...["backup-vault", "main", "--platform", "demo", "--env", "test"],
    ...["--role", "nightly-vault"],
  ]);
});

Deno.test("a job that backs up a Vault has a token for that alone, and the Vault's authority", () => {
  const { automountServiceAccountToken, containers: [container], volumes } = vaultPod();
  assert.equal(automountServiceAccountToken, false);
  const mountOf = (path: string) =>
    container!.volumeMounts.find(({ mountPath }) => mountPath === path) as
      | { name: string; readOnly?: boolean }
      | undefined;
  const volumeOf = (path: string) => volumes.find(({ name }) => name === mountOf(path)?.name);
  assert.deepEqual(volumeOf(dirname(jobPaths.token))?.["projected"], {
    sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }],
  });
  assert.deepEqual(volumeOf(dirname(jobPaths.authority("main")))?.["secret"], {
    secretName: "main-ca",
    defaultMode: 0o440,
  });
  assert.equal(mountOf(dirname(jobPaths.token))?.readOnly, true);
});

Deno.test("a job that backs up a Vault may ask for the key that unseals it", () => {
  const [variable] = vaultPod().containers[0]!.env!.slice(-1);
  assert.deepEqual(variable, {
    name: "VAULT_SEAL_TOKEN",
    valueFrom: { secretKeyRef: { name: "unseal", key: "token" } },
  });
});
