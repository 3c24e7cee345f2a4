import assert from "node:assert/strict";
import { backupCovers } from "../../lib/platform/backup_covers.ts";
import type { Longhorn, Platform, Velero, WalArchive } from "../../lib/platform/types.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleJob,
  sampleSchedule,
  sampleStore,
} from "./sample_backups.ts";

const stores = {
  minio: sampleStore(),
  offsite: sampleStore({ bucket: "far-away", onThisCluster: undefined, offsite: true }),
};

Deno.test("backupCovers() finds what jobs name, and whether a copy leaves the cluster", () => {
  const jobs = {
    near: sampleJob({ covers: ["volumes/files"] }),
    far: sampleJob({ store: "offsite", covers: ["minio/minio/data-0"] }),
    vague: sampleJob(),
  };
  assert.deepEqual(backupCovers(backedUpPlatform(sampleBackups({ stores, jobs }))), [
    { by: "backups.jobs.near", namespace: "shop", name: "files", leavesCluster: false },
    {
      by: "backups.jobs.far",
      namespace: "shop",
      name: "minio",
      claim: "data-0",
      leavesCluster: true,
    },
  ]);
});

Deno.test("backupCovers() takes namespaces of Velero, but no volumes that it leaves out", () => {
  const velero: Velero = {
    namespace: "velero",
    locations: ["minio", "offsite"],
    snapshotLocations: {},
    schedules: {
      everything: sampleSchedule({ namespaces: ["*"] }),
      near: sampleSchedule({ locations: ["minio"] }),
      snapshots: sampleSchedule({ volumes: "snapshot" }),
      objects: sampleSchedule({ volumes: "none" }),
    },
  };
  const covers = backupCovers(backedUpPlatform(sampleBackups({ stores, velero })));
  assert.deepEqual(covers, [
    { by: "backups.velero.schedules.everything", namespace: "*", leavesCluster: true },
    { by: "backups.velero.schedules.near", namespace: "shop", leavesCluster: false },
    { by: "backups.velero.schedules.snapshots", namespace: "shop", leavesCluster: false },
  ]);
});

Deno.test("backupCovers() counts Postgres clusters that archive their WAL", () => {
  const walArchive: WalArchive = {
    bucket: "s3://backups/wal",
    secret: { name: "store", accessKeyKey: "a", secretKeyKey: "b" },
    baseBackupSchedule: "0 2 * * *",
    keepForDays: 7,
  };
  const cluster = { kind: "cnpg", namespace: "shop", walArchive };
  const postgres = { db: cluster, plain: { ...cluster, walArchive: undefined } };
  const changes = { postgres } as unknown as Partial<Platform>;
  assert.deepEqual(backupCovers(backedUpPlatform(sampleBackups({ stores }), changes)), [
    { by: "postgres.db.walArchive", namespace: "shop", name: "db", leavesCluster: false },
  ]);
});

Deno.test("backupCovers() counts Longhorn's backups by class, and its snapshots not at all", () => {
  const job = { cron: "0 2 * * *", retain: 7, concurrency: 2, groups: ["db"] };
  const longhorn: Longhorn = {
    namespace: "longhorn-system",
    backupTarget: { url: "s3://elsewhere@eu-1/", secret: "s3", pollInterval: "5m0s" },
    recurringJobs: {
      daily: { ...job, task: "backup" },
      hourly: { ...job, task: "snapshot" },
    },
  };
  const ofGroup = (recurringJobGroups?: string[]) => ({
    provisioner: "driver.longhorn.io",
    accessModes: ["ReadWriteOnce" as const],
    reclaimPolicy: "Retain" as const,
    volumeBindingMode: "Immediate" as const,
    longhorn: {
      replicas: 3,
      staleReplicaTimeoutMinutes: 30,
      fsType: "ext4" as const,
      dataLocality: "disabled" as const,
      recurringJobGroups,
    },
  });
  const storageClasses = { db: ofGroup(["db"]), other: ofGroup() };
  const backups = sampleBackups();
  assert.deepEqual(backupCovers(backedUpPlatform(backups, { longhorn, storageClasses })), [
    {
      by: "longhorn.recurringJobs.daily",
      namespace: "*",
      storageClass: "db",
      leavesCluster: true,
    },
  ]);
  const without = { ...longhorn, backupTarget: undefined };
  assert.deepEqual(
    backupCovers(backedUpPlatform(backups, { longhorn: without, storageClasses })),
    [],
  );
});
