import assert from "node:assert/strict";
import { exampleHolder } from "../../../lib/review/rules/example_holder.ts";
import {
  backupKeyInside,
  holderUnnamed,
  keyWithoutBackup,
  noWayIn,
  unsealKeyInside,
} from "../../../lib/review/rules/recoverability.ts";
import { exampleRecipients } from "../../../lib/platform/example_holders.ts";
import type { BackupStore, Platform } from "../../../lib/platform/types.ts";
import { complaints, object } from "../sample_objects.ts";
import { sampleBackups, sampleJob, sampleStore } from "../../platform/sample_backups.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

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
      "CronJob shop/dump: it protects the vault safe, and the credentials of the store s3, which it cannot be read without, are kept there alone",
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

const statefulSet = object("StatefulSet", "vault", {}, {
  apiVersion: "apps/v1",
  namespace: "vault",
});

Deno.test("shares in a Secret of the cluster that they unseal are told of its Vault", () => {
  const secret = { name: "keys", because: "it is simple" };
  const vaults = { vault: sampleVault({ initialize: { secret } }) };
  assert.deepEqual(complaints(unsealKeyInside, [statefulSet], { vaults }), [
    "StatefulSet vault/vault: the shares that unseal it are in Secret vault/keys, on the cluster that they unseal, and nowhere else",
  ]);
  const development = { secret, development: true };
  const trial = { vault: sampleVault({ initialize: development }) };
  assert.deepEqual(complaints(unsealKeyInside, [statefulSet], { vaults: trial }), []);
});

Deno.test("a Vault without a backup, or of which nobody is named, is told", () => {
  const vaults = { vault: sampleVault() };
  assert.equal(complaints(keyWithoutBackup, [statefulSet], { vaults }).length, 1);
  assert.deepEqual(complaints(holderUnnamed, [statefulSet], { vaults }), [
    "StatefulSet vault/vault: nobody is named who has the shares of the vault vault",
  ]);
});

Deno.test("a backup whose key is in another thing that is lost has no way in", () => {
  const outside = (secret: string) =>
    sampleStore({ secrets: { shop: secret }, onThisCluster: undefined });
  const found = complaints(
    noWayIn,
    [cronJob],
    platform(["postgres/main"], outside("s3")),
  );
  assert.deepEqual(found, []);
  const safe = object("StatefulSet", "safe", {}, { apiVersion: "apps/v1", namespace: "vault" });
  const circle = platform(["vaults/other"], outside("s3"));
  circle.backups!.jobs["dump-safe"] = sampleJob({ covers: ["vaults/safe"], store: "other" });
  circle.backups!.stores["other"] = outside("s4");
  circle.externalSecrets!["s4"] = { ...circle.externalSecrets!["s3"]!, store: "kv2" };
  circle.secretStores!["kv2"] = {
    scope: "namespace",
    namespace: "shop",
    vault: { server: "http://other.vault.svc:8200" },
  } as never;
  circle.vaults!["other"] = { namespace: "vault" } as never;
  const [complaint, ...others] = complaints(noWayIn, [cronJob, safe], circle);
  assert.match(complaint!, /nothing opens it: .+ needs .+ needs/);
  assert.deepEqual(others, []);
});

Deno.test("an identity that everybody has is refused on a real cluster, and good enough for a rehearsal", () => {
  const holders = { owner: exampleRecipients[0]! };
  const vaults = { vault: sampleVault({ initialize: { holders } }) };
  const target = { context: "production" };
  assert.deepEqual(complaints(exampleHolder, [statefulSet], { vaults }), []);
  assert.deepEqual(complaints(exampleHolder, [statefulSet], { vaults, target }), [
    "StatefulSet vault/vault: vaults.vault.initialize.holders.owner is an example, whose identity is published with Slipway: whatever owner can open, everybody can",
  ]);
  const own = { vault: sampleVault({ initialize: { holders: { owner: "age1own" } } }) };
  assert.deepEqual(complaints(exampleHolder, [statefulSet], { vaults: own, target }), []);
});
