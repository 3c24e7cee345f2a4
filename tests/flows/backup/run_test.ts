import { generateIdentity, identityToRecipient } from "age-encryption";
import assert from "node:assert/strict";
import { leaseName, writeLease } from "../../../lib/backup/lease_file.ts";
import type { BackupRecord } from "../../../lib/backup/record.ts";
import type { BackupSource } from "../../../lib/backup/names.ts";
import { ExitCode, SlipwayError } from "../../../lib/core/errors.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { readObject } from "../../../lib/flows/backup/objects.ts";
import { type BackupRun, runBackups } from "../../../lib/flows/backup/run.ts";
import type { BackupItem } from "../../../lib/flows/backup/item.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { type TestContext, testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const streamOf = (text: string) => ReadableStream.from([encode(text)]);
const sourceOf = (item: string): BackupSource => ({
  ...{ kind: "postgres", scope: "shop-test", name: "main", item },
});
const identity = await generateIdentity();
const recipients = [await identityToRecipient(identity)];

const good = (item: string, text = `rows of ${item}`): BackupItem => ({
  source: sourceOf(item),
  label: `database ${item}`,
  take: async ({ write }) => {
    await write("dump.zst.age", streamOf(text), { compression: "zstd" });
    return { details: { database: item } };
  },
});
const bad = (item: string, error: unknown): BackupItem => ({
  ...good(item),
  take: async ({ write }) => {
    await write("globals.sql.zst.age", streamOf("roles"), { compression: "zstd" });
    throw error;
  },
});

interface Ground {
  store: Store;
  folder: string;
  context: TestContext;
  run(items: BackupItem[], changes?: Partial<BackupRun>): Promise<ExitCode>;
  list(item: string): ReturnType<typeof listBackups>;
}

const withGround = (work: (ground: Ground) => Promise<void>) =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const context = testContext();
    await work({
      store,
      folder,
      context,
      run: (items, changes) =>
        runBackups({ task: "backup-postgres", items, store, recipients, ...changes }, context),
      list: (item) => listBackups(store, sourceOf(item), context),
    });
  });

const files = async (store: Store) =>
  (await store.list("")).map(({ name }) => name).filter((name) => !/lease/.test(name));

Deno.test("a backup is what its source wrote, with a record that says so", () =>
  withGround(async ({ run, list, store, context }) => {
    assert.equal(await run([good("orders")]), ExitCode.done);
    const { backups: [backup], unfinished, foreign } = await list("orders");
    const { record } = backup!;
    assert.deepEqual([unfinished, foreign], [[], []]);
    assert.deepEqual(record.details, { database: "orders" });
    assert.deepEqual(record.recipients, recipients);
    assert.equal(record.item, "orders");
    const [object] = record.objects;
    assert.equal(object!.compression, "zstd");
    const read = await readObject(store, sourceOf("orders"), record, object!, {
      identities: [identity],
      signal: context.signal,
    });
    assert.equal(new TextDecoder().decode(read), "rows of orders");
    const summary = context.events.find(({ type }) => type === "summary");
    assert.deepEqual(
      summary?.type === "summary" && [summary["backup"], summary["sizeBytes"]],
      [record.id, 14],
    );
  }));

Deno.test("what is stored in the clear says so, and is read without an identity", () =>
  withGround(async ({ run, list, store, context }) => {
    await run([good("orders")], { recipients: [] });
    const { backups: [backup] } = await list("orders");
    const { record } = backup!;
    assert.deepEqual(record.recipients, []);
    const read = await readObject(store, sourceOf("orders"), record, record.objects[0]!, {
      identities: [],
      signal: context.signal,
    });
    assert.equal(new TextDecoder().decode(read), "rows of orders");
  }));

Deno.test("one that fails leaves nothing, is told with its remedy, and the others are safe", () =>
  withGround(async ({ run, list, store, context }) => {
    const error = new SlipwayError("permission denied for table pay", { remedy: "grant SELECT" });
    const items = [good("orders"), bad("pay", error), good("users")];
    assert.equal(await run(items, { parallel: 2 }), ExitCode.partly);
    assert.equal((await list("orders")).backups.length, 1);
    assert.equal((await list("users")).backups.length, 1);
    assert.deepEqual((await files(store)).filter((name) => name.includes("/pay/")), []);
    const notes = context.events.filter(({ type }) => type === "note");
    assert.deepEqual(notes, [{
      type: "note",
      level: "warning",
      message: "database pay was not backed up: permission denied for table pay",
      remedy: "grant SELECT",
    }]);
  }));

Deno.test("when nothing could be backed up, the first failure ends the run", () =>
  withGround(async ({ run, store }) => {
    const failure = new Error("the dump ended early");
    await assert.rejects(run([bad("orders", failure)]), failure);
    await assert.rejects(run([bad("orders", failure), bad("pay", new Error("x"))]), failure);
    assert.deepEqual(await files(store), []);
  }));

Deno.test("a second run on the same source is turned away, and one on another is not", () =>
  withGround(async ({ run, list }) => {
    const within = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow: BackupItem = {
      ...good("orders"),
      take: async (tools) => {
        within.resolve();
        await goOn.promise;
        return await good("orders").take(tools);
      },
    };
    const first = run([slow]);
    await within.promise;
    await assert.rejects(run([good("orders")]), SlipwayError);
    assert.equal(await run([good("users")]), ExitCode.done);
    goOn.resolve();
    assert.equal(await first, ExitCode.done);
    assert.equal((await list("orders")).backups.length, 1);
  }));

/** Another run takes the lease of a source. */
const takeLease = (store: Store) =>
  store.put(
    leaseName(sourceOf("orders"), 1_000),
    encode(writeLease({
      ...{ format: 1, holder: "another run", process: "x", task: "backup-postgres" },
      ...{ token: "other", takenAt: "2026-11-21T03:00:00Z", renewals: 0, ttlMs: 60_000 },
    })),
  );

Deno.test("a run that lost its lease writes no record", () =>
  withGround(async ({ run, list, store }) => {
    const robbed: BackupItem = {
      ...good("orders"),
      take: async (tools) => {
        const taken = await good("orders").take(tools);
        await takeLease(store);
        return taken;
      },
    };
    await assert.rejects(run([robbed]), /another run has its lease/);
    const { backups, unfinished } = await list("orders");
    assert.deepEqual([backups, unfinished], [[], []]);
  }));

Deno.test("a lease that is lost when the record is written makes no failure of the backup", () =>
  withGround(async ({ list, store }) => {
    const context = testContext({
      env: (name) => name === "SLIPWAY_LEASE_SECONDS" ? "0.03" : undefined,
    });
    const lost = Promise.withResolvers<void>();
    const robbed: BackupItem = {
      ...good("orders"),
      take: (tools) => {
        tools.signal.addEventListener("abort", () => lost.resolve());
        return good("orders").take(tools);
      },
      onDone: async () => {
        await takeLease(store);
        await lost.promise;
      },
    };
    const job = { keep: { last: 1 }, requireVerified: false };
    const run = { task: "backup-postgres", items: [robbed], store, recipients, job };
    assert.equal(await runBackups(run, context), ExitCode.done);
    assert.equal((await list("orders")).backups.length, 1);
    const notes = context.events.flatMap((event) => event.type === "note" ? event.message : []);
    assert.match(notes.join(), /older backups of database orders were not pruned/);
  }));

Deno.test("older backups go when a newer one is safe, and only then", () =>
  withGround(async ({ run, list }) => {
    const job = { name: "nightly", keep: { last: 2 }, requireVerified: false };
    for (const text of ["one", "two", "three"]) await run([good("orders", text)], { job });
    const kept = (await list("orders")).backups.map(({ record }) => record.id);
    assert.equal(kept.length, 2);
    await assert.rejects(
      run([bad("orders", new Error("no"))], { job: { ...job, keep: { last: 1 } } }),
    );
    assert.deepEqual((await list("orders")).backups.map(({ record }) => record.id), kept);
  }));

Deno.test("a store that refuses to remove does not make a backup fail", () =>
  withGround(async ({ run, list, store, context }) => {
    const addOnly: Store = {
      ...store,
      delete: () => Promise.reject(new StoreError("Cannot remove: refused", { remedy: "keys" })),
      sweep: () => Promise.reject(new StoreError("Cannot clear: refused", { remedy: "keys" })),
    };
    const job = { keep: { last: 1 }, requireVerified: false };
    for (const text of ["one", "two"]) {
      assert.equal(await run([good("orders", text)], { job, store: addOnly }), ExitCode.done);
    }
    assert.equal((await list("orders")).backups.length, 2);
    const warnings = context.events.flatMap((event) => event.type === "note" ? event.message : []);
    assert.ok(warnings.some((message) => /not cleared: Cannot clear/.test(message)));
    assert.ok(warnings.some((message) => /could not be removed/.test(message)));
  }));

Deno.test("what follows a safe backup may fail without making it one that failed", () =>
  withGround(async ({ run, list, context }) => {
    const seen: string[] = [];
    const onDone = (record: BackupRecord) => {
      seen.push(record.id);
      return Promise.reject(new Error("the cluster is away"));
    };
    assert.equal(await run([{ ...good("orders"), onDone }]), ExitCode.done);
    assert.deepEqual((await list("orders")).backups.map(({ record }) => record.id), seen);
    const notes = context.events.flatMap((event) => event.type === "note" ? event.message : []);
    assert.match(notes.join(), /database orders is safe in file:.*: the cluster is away/);
  }));

Deno.test("a record whose write fails keeps its objects: it may be there after all", () =>
  withGround(async ({ run, list, store }) => {
    const deaf: Store = {
      ...store,
      put: async (name, body, options) => {
        await store.put(name, body, options);
        if (/Z-[0-9a-f]{6}\.json$/.test(name)) throw new StoreError("no answer came");
      },
    };
    await assert.rejects(run([good("orders")], { store: deaf }), /no answer came/);
    const { backups, damaged } = await list("orders");
    assert.deepEqual([backups.length, damaged], [1, []]);
  }));

Deno.test("an interrupted run leaves nothing, and says that it was interrupted", () =>
  withGround(async ({ store }) => {
    const interrupting = new AbortController();
    const reason = new Error("interrupted");
    const item: BackupItem = {
      ...good("orders"),
      take: async (tools) => {
        const taken = await good("orders").take(tools);
        interrupting.abort(reason);
        return taken;
      },
    };
    const context = testContext({ signal: interrupting.signal });
    await assert.rejects(
      runBackups({ task: "t", items: [item], store, recipients }, context),
      reason,
    );
    assert.deepEqual(await files(store), []);
  }));
