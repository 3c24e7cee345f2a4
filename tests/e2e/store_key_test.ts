import assert from "node:assert/strict";
import type { TableEvent } from "../../lib/core/events.ts";
import { pruneBackups } from "../../lib/flows/backup/prune_backups.ts";
import { verifyBackups } from "../../lib/flows/backup/verify.ts";
import { backupEtcd } from "../../lib/flows/etcd/backup.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { sampleBackups, sampleStore } from "../platform/sample_backups.ts";
import { withCluster } from "./cluster_fixture.ts";
import { withMinio } from "./minio_process.ts";
import { writeShop } from "./shop.ts";

const cluster = "store-key";
const secret = { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "store" };

Deno.test("whoever may read a store's Secret on the cluster needs no key of their own", () =>
  withFolder((folder) =>
    withMinio((minio) =>
      withCluster(cluster, async ({ client, context: world }) => {
        const { endpoint } = minio;
        const offsite = sampleStore({
          endpoint,
          onThisCluster: undefined,
          secrets: { shop: "store" },
        });
        const platform = await writeShop(folder, "shop", {
          backups: sampleBackups({ stores: { offsite } }),
        });
        const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = minio.env;
        const context = testContext({
          ...world,
          env: (name) => name.startsWith("AWS_") ? undefined : world.env(name),
        });
        const request = { platform, cluster, sources: ["etcd"] };

        await assert.rejects(
          backupEtcd(request, context),
          /Cannot find the credentials of the store offsite on the cluster: Secret shop\/store is not/,
        );
        await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
        await client.create({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { namespace: secret.namespace, name: secret.name },
          stringData: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY },
        });
        assert.equal(await backupEtcd(request, context), 0);
        assert.equal(await backupEtcd(request, context), 0);

        const identity = ["manifests/example-identities.txt"];
        const here = { ...context, cwd: Deno.cwd() };
        assert.equal(await verifyBackups({ ...request, identity }, here), 0);
        const { rows } = context.events.findLast(({ type }) => type === "table") as TableEvent;
        assert.match(rows[0]![3]!, /^all bytes read and opened, sums agree/);

        assert.equal(await pruneBackups({ ...request, keep: "last=1" }, context), 0);
        const summary = context.events.findLast(({ type }) => type === "summary");
        assert.equal((summary as { removed?: unknown[] }).removed?.length, 1);
        const told = JSON.stringify(context.events);
        assert.ok(!told.includes(AWS_SECRET_ACCESS_KEY), "a secret was told");
      })
    )
  ));
