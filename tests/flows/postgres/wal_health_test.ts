import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { tellArchives } from "../../../lib/flows/postgres/wal_health.ts";
import { testContext } from "../../context.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { sampleCnpg, sampleZalando } from "../../platform/sample_data.ts";

const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const walArchive = {
  bucket: "s3://wal/main",
  secret: { name: "wal", accessKeyKey: "key", secretKeyKey: "secret" },
  baseBackupSchedule: "0 1 * * *",
  keepForDays: 7,
};

const cluster = {
  ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" },
  metadata: { name: "main", namespace: "data" },
  status: { conditions: [{ type: "ContinuousArchiving", status: "True" }] },
} as KubeObject;

const store = {
  ...{ apiVersion: "barmancloud.cnpg.io/v1", kind: "ObjectStore" },
  metadata: { name: "main", namespace: "data" },
  status: { serverRecoveryWindow: { main: { lastSuccessfulBackupTime: "2026-11-21T01:00:00Z" } } },
} as KubeObject;

const platform = {
  postgres: {
    main: sampleCnpg({ namespace: "data", walArchive }),
    plain: sampleCnpg({ namespace: "data" }),
  },
};

Deno.test("tellArchives() tells of the clusters that archive, and is content when all work", async () => {
  const context = testContext({ now: () => now });
  const client = createFakeClient([cluster, store]);
  assert.equal(await tellArchives(platform, { client, embedded: false }, context), true);
  const [table, ...rest] = context.events;
  assert.deepEqual(table?.type === "table" && table.rows.map(([name, state]) => [name, state]), [
    ["main", "healthy"],
  ]);
  assert.deepEqual(rest, []);
});

Deno.test("tellArchives() warns of what is not healthy, and of what cannot be asked", async () => {
  const context = testContext({ now: () => now });
  const zalando = sampleZalando({ namespace: "data", walArchive });
  const declared = { postgres: { ...platform.postgres, other: zalando } };
  const client = createFakeClient([cluster]);
  assert.equal(await tellArchives(declared, { client, embedded: false }, context), false);
  const [table, ...notes] = context.events;
  assert.deepEqual(table?.type === "table" && table.rows.map(([name, state]) => [name, state]), [
    ["main", "failing"],
    ["other", "unknown"],
  ]);
  assert.match(
    notes.map((note) => note.type === "note" ? note.message : "").join("\n"),
    /^the WAL archive of main is failing: there is no base backup yet.*\nthe WAL archive of other is unknown: Cannot find the primary of postgres\/other/,
  );
});

Deno.test("tellArchives() asks nobody on the embedded cluster, whose pods are simulated", async () => {
  const client = createFakeClient();
  assert.equal(await tellArchives(platform, { client, embedded: true }, testContext()), true);
  assert.deepEqual(client.calls, []);
});
