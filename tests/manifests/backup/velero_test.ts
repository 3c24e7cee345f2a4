import assert from "node:assert/strict";
import { backupObjects } from "../../../manifests/components/backup/sections.ts";
import type { Velero, VeleroSchedule } from "../../../lib/platform/types.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleSchedule,
  sampleStore,
} from "../../platform/sample_backups.ts";
import { assertGolden } from "../golden.ts";

const velero: Velero = {
  namespace: "velero",
  locations: ["minio", "offsite"],
  snapshotClass: { driver: "driver.longhorn.io", parameters: { type: "snap" } },
  snapshotLocations: { aws: { provider: "velero.io/aws", config: { region: "eu-central-1" } } },
  schedules: {
    everything: sampleSchedule({
      namespaces: ["*"],
      tiers: {
        daily: { cron: "0 1 * * *", keep: 7 },
        weekly: { cron: "0 3 * * 0", keep: 4 },
        monthly: { cron: "0 5 1 * *", keep: 3 },
      },
    }),
    data: sampleSchedule({
      locations: ["minio"],
      volumes: "snapshot",
      tiers: { hourly: { cron: "15 * * * *", keep: 24 } },
    }),
  },
};

function render(options: Velero = velero) {
  return backupObjects(backedUpPlatform(sampleBackups({
    stores: {
      minio: sampleStore(),
      offsite: sampleStore({
        bucket: "example-backups",
        prefix: "cluster",
        region: "eu-central-1",
        onThisCluster: undefined,
        offsite: true,
        kmsKeyId: "alias/backups",
        archive: { storageClass: "GLACIER_IR", afterDays: 0 },
      }),
    },
    velero: options,
  })));
}

function templatesOf(schedule: Partial<VeleroSchedule>) {
  return render({ ...velero, schedules: { shop: sampleSchedule(schedule) } })
    .filter(({ kind }) => kind === "Schedule")
    .map(({ spec }) => (spec as { template: Record<string, unknown> }).template);
}

Deno.test("Velero's locations, snapshot classes and schedules are those of the golden file", () =>
  assertGolden("velero", render()));

Deno.test("each tier and each location has a Schedule, since Velero knows one age for a schedule", () => {
  const names = render().filter(({ kind }) => kind === "Schedule")
    .map(({ metadata }) => metadata.name);
  assert.deepEqual(names, [
    "everything-daily-minio",
    "everything-daily-offsite",
    "everything-weekly-minio",
    "everything-weekly-offsite",
    "everything-monthly-minio",
    "everything-monthly-offsite",
    "data-hourly-minio",
  ]);
});

Deno.test("a tier may go to other locations than the schedule's", () => {
  const cron = "0 0 * * *";
  const locations = templatesOf({
    locations: ["minio"],
    tiers: {
      daily: { cron, keep: 7 },
      weekly: { cron, keep: 4, locations: ["offsite"] },
    },
  }).map(({ storageLocation }) => storageLocation);
  assert.deepEqual(locations, ["minio", "offsite"]);
});

Deno.test("a count is kept as an age that no month is too long for, and days as they are", () => {
  const cron = "0 0 * * *";
  const ages = templatesOf({
    locations: ["minio"],
    tiers: {
      hourly: { cron, keep: 24 },
      daily: { cron, keep: 7 },
      weekly: { cron, keep: 4 },
      monthly: { cron, keep: 3 },
    },
  }).map(({ ttl }) => ttl);
  assert.deepEqual(ages, ["24h0m0s", "168h0m0s", "672h0m0s", "2232h0m0s"]);
  const [template] = templatesOf({ tiers: { weekly: { cron, keepForDays: 90 } } });
  assert.equal(template?.["ttl"], "2160h0m0s");
});

Deno.test("volumes are moved, snapshotted, read as files, or left out", () => {
  const fields = (volumes: VeleroSchedule["volumes"]) => {
    const [template] = templatesOf({ volumes });
    return [
      template?.["snapshotVolumes"],
      template?.["snapshotMoveData"],
      template?.["defaultVolumesToFsBackup"],
      template?.["volumeSnapshotLocations"],
    ];
  };
  assert.deepEqual(fields("move"), [true, true, false, undefined]);
  assert.deepEqual(fields("snapshot"), [true, false, false, ["aws"]]);
  assert.deepEqual(fields("files"), [false, false, true, undefined]);
  assert.deepEqual(fields("none"), [false, false, false, undefined]);
});

Deno.test("backups of all namespaces take what belongs to none along", () => {
  const clusterWide = (namespaces: string[]) =>
    templatesOf({ namespaces })[0]?.["includeClusterResources"];
  assert.equal(clusterWide(["*"]), true);
  assert.equal(clusterWide(["shop"]), undefined);
});
