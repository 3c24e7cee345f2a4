import assert from "node:assert/strict";
import { dirname } from "node:path";
import { backupObjects } from "../../../manifests/components/backup/sections.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { jobPaths } from "../../../lib/platform/backups.ts";
import type { BackupJob, Backups, Platform } from "../../../lib/platform/types.ts";
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

interface Pod {
  automountServiceAccountToken: boolean;
  containers: Container[];
  volumes: Record<string, unknown>[];
}

function objectsOf(backups: Backups, changes: Partial<Platform> = {}): Manifest[] {
  return backupObjects({ ...backedUpPlatform(backups), ...changes });
}

function podOf(objects: readonly Manifest[]): Pod {
  const cronJob = objects.find(({ kind }) => kind === "CronJob");
  const { jobTemplate } = cronJob!["spec"] as {
    jobTemplate: { spec: { template: { spec: Pod } } };
  };
  return jobTemplate.spec.template.spec;
}

function containerOf(job: Partial<BackupJob>): Container {
  return podOf(objectsOf(sampleBackups({ jobs: { dump: sampleJob(job) } }))).containers[0]!;
}

const plain = [
  { name: "HOME", value: "/tmp" },
  { name: "DENO_NO_UPDATE_CHECK", value: "1" },
];

Deno.test("a job is told which job of which platform it is, and reads all else there", () => {
  const { command } = containerOf({
    covers: ["mongodb/main"],
    keep: { daily: 7, weekly: 4, monthly: 3 },
  });
  assert.deepEqual(command, [
    ...["deno", "task", "-q", "backup-mongodb"],
    ...["--platform", "demo", "--env", "test", "--job", "dump"],
  ]);
});

Deno.test("a task of two words is two arguments", () => {
  const { command } = containerOf({ task: "sealing-keys backup" });
  assert.deepEqual(command.slice(3, 6), ["sealing-keys", "backup", "--platform"]);
});

Deno.test("a job shows Postgres its certificate, and wants to see the server's", () => {
  const container = containerOf({ clientCertificate: "dump-tls", store: undefined });
  assert.deepEqual(container.env, [
    ...plain,
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

Deno.test("a job knows a Postgres by its authority alone where that asks for no certificate", () => {
  const serverAuthority = { secret: "db", key: "AUTHORITY" };
  const container = containerOf({ serverAuthority, store: undefined });
  assert.deepEqual(container.env, [
    ...plain,
    { name: "PGSSLMODE", value: "verify-full" },
    { name: "PGSSLROOTCERT", value: "/tls/ca.crt" },
  ]);
  assert.ok(container.volumeMounts.some(({ mountPath }) => mountPath === "/tls"));
});

Deno.test("a store's credentials reach a job as environment, never as arguments", () => {
  const ofKey = (key: string) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: "store", key } },
  });
  assert.deepEqual(containerOf({}).env, [
    ...plain,
    ofKey("AWS_ACCESS_KEY_ID"),
    ofKey("AWS_SECRET_ACCESS_KEY"),
  ]);
});

Deno.test("a job that copies has the credentials of both stores", () => {
  const stores = { minio: sampleStore(), far: sampleStore({ secrets: { shop: "far" } }) };
  const jobs = { copy: sampleJob({ task: "copy-backups", from: "minio", store: "far" }) };
  const { env } = podOf(objectsOf(sampleBackups({ stores, jobs }))).containers[0]!;
  const named = (env as { name: string; valueFrom?: { secretKeyRef: { name: string } } }[])
    .flatMap(({ name, valueFrom }) =>
      valueFrom ? [`${name} of ${valueFrom.secretKeyRef.name}`] : []
    );
  assert.deepEqual(named, [
    "AWS_ACCESS_KEY_ID of far",
    "AWS_SECRET_ACCESS_KEY of far",
    "FROM_AWS_ACCESS_KEY_ID of store",
    "FROM_AWS_SECRET_ACCESS_KEY of store",
  ]);
});

Deno.test("where runs are told comes from Secrets, a job's own before what all share", () => {
  const notify = { ping: { secret: "shared", key: "ping" }, pushgateway: "http://push.shop.svc" };
  const backups = sampleBackups({
    notify,
    jobs: {
      dump: sampleJob({ store: undefined, notify: { ping: { secret: "own", key: "url" } } }),
    },
  });
  const { env } = podOf(objectsOf(backups)).containers[0]!;
  assert.deepEqual(env, [
    ...plain,
    { name: "SLIPWAY_PING_URL", valueFrom: { secretKeyRef: { name: "own", key: "url" } } },
    { name: "SLIPWAY_PUSHGATEWAY_URL", value: "http://push.shop.svc" },
  ]);
});

Deno.test("a job has no rights and no token, unless its task works on objects of the cluster", () => {
  const rights = (job: Partial<BackupJob>) => {
    const objects = objectsOf(sampleBackups({ jobs: { dump: sampleJob(job) } }));
    const token = podOf(objects).automountServiceAccountToken;
    const { command } = podOf(objects).containers[0]!;
    assert.equal(command.includes("--in-cluster"), token);
    return {
      token,
      rights: objects.filter(({ kind }) => kind === "Role").map((role) =>
        `${role.metadata.namespace}/${role.metadata.name}: ${
          (role["rules"] as { resources: string[] }[]).flatMap(({ resources }) => resources)
        }`
      ),
    };
  };
  assert.deepEqual(rights({ covers: ["minio/minio"] }), { token: false, rights: [] });
  assert.deepEqual(rights({ via: "exec", covers: ["minio/minio"] }), {
    token: true,
    rights: ["shop/dump: pods,pods/exec"],
  });
  assert.deepEqual(rights({ task: "backup-volume", covers: ["volumes/files"] }), {
    token: true,
    rights: ["shop/dump: persistentvolumeclaims,pods,pods/exec"],
  });
  assert.deepEqual(rights({ task: "sealing-keys backup" }), {
    token: true,
    rights: ["kube-system/shop-dump: secrets"],
  });
});

Deno.test("a job of a host is no CronJob", () => {
  const job = sampleJob({ runsOn: "host", namespace: undefined });
  assert.deepEqual(objectsOf(sampleBackups({ jobs: { dump: job } })), []);
});

Deno.test("runs of a job never overlap, end by their deadline, and their traces are few", () => {
  const [cronJob] = objectsOf(sampleBackups({ jobs: { dump: sampleJob() } }))
    .filter(({ kind }) => kind === "CronJob");
  const { jobTemplate, ...spec } = cronJob!["spec"] as Record<string, unknown> & {
    jobTemplate: { spec: Record<string, unknown> };
  };
  assert.deepEqual(spec, {
    schedule: "30 2 * * *",
    timeZone: "Etc/UTC",
    suspend: false,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
  });
  assert.equal(jobTemplate.spec["activeDeadlineSeconds"], 3600);
  assert.equal(jobTemplate.spec["backoffLimit"], 2);
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
  return podOf(objectsOf(backups, { vaults: { main }, ...changes }));
}

Deno.test("a job that backs up a Vault says of which platform, and logs in by the role of its name", () => {
  const { command } = vaultPod().containers[0]!;
  assert.deepEqual(command.slice(3), [
    ...["backup-vault", "--platform", "demo", "--env", "test", "--job", "nightly-vault"],
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
