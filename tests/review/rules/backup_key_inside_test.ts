import assert from "node:assert/strict";
import { backupKeyInside } from "../../../lib/review/rules/backup_key_inside.ts";
import type { BackupStore, Platform } from "../../../lib/platform/types.ts";
import { complaints, object } from "../sample_objects.ts";
import { sampleBackups, sampleJob, sampleStore } from "../../platform/sample_backups.ts";

const cronJob = object("CronJob", "dump", { jobTemplate: { spec: { template: {} } } }, {
  apiVersion: "batch/v1",
});

function platform(covers: string[], s3: BackupStore): Partial<Platform> {
  return {
    vaults: { safe: { namespace: "vault" } as never },
    secretStores: {
      kv: {
        scope: "namespace",
        namespace: "shop",
        vault: { server: "http://safe.vault.svc:8200" },
      } as never,
    },
    externalSecrets: {
      s3: { namespace: "shop", store: "kv", from: "backup", refreshInterval: "1h", keys: ["A"] },
    },
    backups: sampleBackups({ stores: { s3 }, jobs: { dump: sampleJob({ covers, store: "s3" }) } }),
  };
}

Deno.test("a vault's backup must not need the vault to be opened", () => {
  assert.deepEqual(
    complaints(
      backupKeyInside,
      [cronJob],
      platform(["vaults/safe"], sampleStore({ secrets: { shop: "s3" } })),
    ),
    [
      "CronJob shop/dump: it protects the vault safe, and its Secret s3 comes from there",
    ],
  );
});

Deno.test("a copy of the key elsewhere, or another thing to protect, is right", () => {
  const kept = sampleStore({ secrets: { shop: "s3" }, keysKeptAt: "the safe in the office" });
  assert.deepEqual(complaints(backupKeyInside, [cronJob], platform(["vaults/safe"], kept)), []);
  assert.deepEqual(
    complaints(
      backupKeyInside,
      [cronJob],
      platform(["postgres/main"], sampleStore({ secrets: { shop: "s3" } })),
    ),
    [],
  );
});

Deno.test("a backup of the whole cluster must not need its sealing key", () => {
  const schedule = object("Schedule", "all-daily-s3", {}, {
    apiVersion: "velero.io/v1",
    namespace: "velero",
  });
  const told = (namespaces: string[]) =>
    complaints(backupKeyInside, [schedule], {
      sealedSecrets: { s3: { namespace: "velero", keys: ["cloud"], sealed: {} } as never },
      backups: sampleBackups({
        stores: { s3: sampleStore({ secrets: { velero: "s3" } }) },
        velero: {
          namespace: "velero",
          locations: ["s3"],
          snapshotLocations: {},
          schedules: {
            all: { namespaces, volumes: "move", tiers: { daily: { cron: "0 1 * * *", keep: 7 } } },
          },
        },
      }),
    }).length;
  assert.equal(told(["*"]), 1);
  assert.equal(told(["shop"]), 0);
});
