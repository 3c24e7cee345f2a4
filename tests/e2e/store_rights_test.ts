import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import type { BackupSource } from "../../lib/backup/names.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import { copyBackups } from "../../lib/flows/backup/copy_backups.ts";
import { withLease } from "../../lib/flows/backup/lease.ts";
import { BackupLeaseHeld } from "../../lib/flows/backup/lease_state.ts";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { pruneSource } from "../../lib/flows/backup/prune.ts";
import { runBackups } from "../../lib/flows/backup/run.ts";
import { StoreError } from "../../lib/store/errors.ts";
import { createFolderStore } from "../../lib/store/folder.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/store/store.ts";
import { testContext } from "../context.ts";
import { blocks, readPages } from "../docs/pages.ts";
import { withFolder } from "../folder.ts";
import { bytesOf, streamOf } from "../store/suite.ts";
import { storeBackup } from "../flows/backup/stored_backup.ts";
import { keysWith } from "./minio_keys.ts";
import { startMinio } from "./minio_process.ts";
import { startS3Proxy } from "./s3_proxy.ts";
import { runTask } from "./task.ts";

const source: BackupSource = { kind: "volume", scope: "shop-test", name: "main" };
const large = bytesOf(9 * 1024 * 1024);

Deno.test("keys with the documented rights do what they are for, and no more", async (t) => {
  await using minio = await startMinio({ domain: "minio.test" });
  const page = (await readPages()).find(({ path }) => path === "docs/stores.md")!;
  const [backup, prune, restore] = await Promise.all(
    blocks(page, "json").map((text) =>
      keysWith(JSON.parse(text.replaceAll("example-backups", "backups")), minio)
    ),
  );
  const opened: Store[] = [];
  const storeWith = async (
    keys: Record<string, string> | undefined,
    place = "backups/shop",
  ): Promise<Store> => {
    const context = testContext({ env: (name) => keys?.[name] });
    const store = await openStore(`s3://${place}?endpoint=${minio.endpoint}`, context);
    opened.push(store);
    return store;
  };
  const take = (store: Store, context = testContext()) =>
    runBackups({
      task: "backup-volume",
      store,
      recipients: [],
      items: [{
        source,
        label: "files of main",
        async take({ write }) {
          await write("tar", streamOf([large]));
          return { details: {} };
        },
      }],
    }, context);
  const adding = await storeWith(backup);
  const removing = await storeWith(prune);
  const reading = await storeWith(restore);
  const idsIn = async (store: Store) =>
    (await listBackups(store, source, testContext())).backups.map(({ record }) => record.id);

  await t.step("a key that may only add backs up, again and again", async () => {
    for (let count = 1; count <= 3; count++) {
      assert.equal(await take(adding), ExitCode.done);
      assert.equal((await idsIn(adding)).length, count);
    }
  });

  await t.step("a key that may only add holds a lease, and gives it back", async () => {
    const holder = { name: "ana@elsewhere", process: "" };
    const options = { task: "backup-volume", ttlMs: 300 };
    await withLease(adding, source, { ...options, holder }, testContext(), async (lease) => {
      await assert.rejects(
        withLease(adding, source, options, testContext(), () => Promise.resolve()),
        (error) => error instanceof BackupLeaseHeld && error.message.includes("ana@elsewhere"),
      );
      await lease.check();
    });
    await withLease(adding, source, options, testContext(), (lease) => lease.check());
  });

  await t.step("a key that may only add removes nothing", async () => {
    const [id] = await idsIn(adding);
    await assert.rejects(adding.delete(`volume/shop-test/main/${id}.json`), (error) => {
      assert.ok(error instanceof StoreError, String(error));
      assert.match(error.message, /denies it/);
      assert.match(error.remedy ?? "", /s3:DeleteObject/);
      return true;
    });
    assert.equal((await idsIn(adding)).length, 3);
  });

  await t.step("a key for restores reads, and writes nothing", async () => {
    const [id] = await idsIn(reading);
    assert.deepEqual(await reading.get(`volume/shop-test/main/${id}.tar`), large);
    await assert.rejects(reading.put("volume/x", large), /denies it/);
    await assert.rejects(reading.delete(`volume/shop-test/main/${id}.json`), /denies it/);
  });

  await t.step(
    "a key for restores is what copies need where they come from",
    () =>
      withFolder(async (folder) => {
        const context = testContext({
          cwd: folder,
          env: (name) => name.startsWith("FROM_") ? restore?.[name.slice(5)] : undefined,
        });
        const from = `s3://backups/shop?endpoint=${minio.endpoint}`;
        assert.equal(await copyBackups({ sources: [], from, to: "copy" }, context), ExitCode.done);
        const copy = await openStore("copy", context);
        assert.deepEqual(await idsIn(copy), await idsIn(reading));
      }),
  );

  await t.step("a key for pruning removes what the policy does not keep", async () => {
    const [newest] = await idsIn(removing);
    const options = { requireVerified: false, dryRun: false };
    await pruneSource(removing, source, { last: 1 }, options, testContext());
    assert.deepEqual(await idsIn(removing), [newest]);
    assert.equal(await removing.sweep("volume/", Temporal.Now.instant()), 0);
  });

  await t.step("no key does anything beside its prefix", async () => {
    for (const keys of [backup, prune, restore]) {
      const beside = await storeWith(keys, "backups/shop2");
      await assert.rejects(beside.put("x", bytesOf(1)), /denies it/);
      await assert.rejects(beside.get("x"), /denies it/);
      await assert.rejects(beside.list(""), /denies it/);
    }
  });

  await t.step(
    "a bucket that stands in the host is written, through a proxy, by the command line",
    () =>
      withFolder(async (folder) => {
        const here = createFolderStore(folder);
        const item = { ...source, name: "by-proxy" };
        const id = "20261121T030000Z-000001";
        await storeBackup(here, item, { id, createdAt: "2026-11-21T03:00:00Z", bytes: large });
        await using proxy = startS3Proxy(minio.endpoint);
        const { code, stderr, lines } = await runTask([
          ...["copy_backups", "--json", "--from", folder],
          ...["--to", "s3://backups/shop?endpoint=http://minio.test&pathStyle=false"],
        ], { env: { ...backup, HTTP_PROXY: proxy.endpoint } });
        assert.equal(code, 0, stderr);
        assert.equal(lines.at(-1)?.["copied"], 1);
        assert.ok(proxy.requests.length > 3);
        assert.ok(proxy.requests.every(({ path }) => !path.startsWith("/backups/")));
        const [found] = (await listBackups(adding, item, testContext())).backups;
        assert.equal(found?.record.id, id);
        assert.ok(!stderr.includes(backup!["AWS_SECRET_ACCESS_KEY"]!));
      }),
  );

  await t.step(
    "in a bucket with an object lock backups are made and pruned, and none is lost",
    async () => {
      const client = new S3Client({
        endpoint: minio.endpoint,
        region: "us-east-1",
        forcePathStyle: true,
        credentials: {
          accessKeyId: minio.env["AWS_ACCESS_KEY_ID"]!,
          secretAccessKey: minio.env["AWS_SECRET_ACCESS_KEY"]!,
        },
      });
      const Bucket = "locked";
      await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
      await client.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
          },
        }),
      );
      const locked = await storeWith(minio.env, "locked/shop");
      for (let count = 0; count < 2; count++) assert.equal(await take(locked), ExitCode.done);
      const [newest, oldest] = await idsIn(locked);
      const options = { requireVerified: false, dryRun: false };
      await pruneSource(locked, source, { last: 1 }, options, testContext());
      assert.deepEqual(await idsIn(locked), [newest]);
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const kept = Versions.filter(({ Key, Size }) =>
        Key?.endsWith(`${oldest}.tar`) && Size === large.length
      );
      assert.equal(kept.length, 1);
      client.destroy();
    },
  );
  for (const store of opened) store.close?.();
});
