import assert from "node:assert/strict";
import { leaseName } from "../../../lib/backup/lease_file.ts";
import { type BackupLease, BackupLeaseLost, withLease } from "../../../lib/flows/backup/lease.ts";
import { BackupLeaseHeld } from "../../../lib/flows/backup/lease_state.ts";
import { currentHolder } from "../../../lib/flows/holder.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const source = { kind: "postgres", scope: "shop-production", name: "main" };
const elsewhere = { name: "ana@elsewhere, process 7", process: "boot/pid:[1]/7/1" };
const other = { name: "ben@other, process 8", process: "boot-of-other/pid:[2]/8/1" };
const ttlMs = 600;

const leasesOf = async (store: Store) =>
  (await store.list("postgres/shop-production/main/lease.")).map(({ name }) => name);

/** A run that holds the lease until `end` is called. */
async function holding(store: Store, holder = elsewhere, context = testContext()) {
  const [taken, ending] = [Promise.withResolvers<BackupLease>(), Promise.withResolvers<void>()];
  const run = withLease(
    store,
    source,
    { task: "backup-postgres", ttlMs, holder },
    context,
    (lease) => {
      taken.resolve(lease);
      return ending.promise;
    },
  );
  run.catch(taken.reject);
  const lease = await taken.promise;
  return {
    lease,
    async end() {
      ending.resolve();
      await run;
    },
  };
}

const take = (store: Store, holder = other) =>
  withLease(
    store,
    source,
    { task: "backup-postgres", ttlMs, holder },
    testContext(),
    () => Promise.resolve("done"),
  );

/** Leave a lease that nobody renews, as a killed run does. */
async function abandoned(store: Store, holder: typeof elsewhere) {
  const lease = {
    format: 1,
    holder: holder.name,
    process: holder.process,
    task: "backup-postgres",
    token: "t",
    takenAt: "2026-11-21T03:00:00Z",
    renewals: 0,
    ttlMs,
  };
  await store.put(leaseName(source, 1), new TextEncoder().encode(JSON.stringify(lease)));
}

Deno.test("withLease() turns a second run away with holder, times and a remedy", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const first = await holding(store);
    await assert.rejects(take(store), (error) => {
      assert.ok(error instanceof BackupLeaseHeld, String(error));
      assert.match(
        error.message,
        /^Cannot work on postgres shop-production\/main in file:.*: ana@elsewhere, process 7 runs backup-postgres on it since \d{4}-\d\d-\d\dT.*Z; its lease lasts until \d{4}-\d\d-\d\dT.*Z/,
      );
      assert.match(error.remedy ?? "", /wait for that run to end/);
      assert.equal(error.exitCode, 1);
      return true;
    });
    await first.lease.check();
    await first.end();
    assert.equal(await take(store), "done");
  }));

Deno.test("withLease() lets only one of many runs in that start at once", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const inside = { now: 0, most: 0, done: 0 };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, at) =>
        withLease(
          store,
          source,
          {
            task: "backup-postgres",
            ttlMs,
            holder: { name: `run ${at}`, process: `boot-${at}/pid:[1]/${at}/1` },
          },
          testContext(),
          async () => {
            inside.most = Math.max(inside.most, ++inside.now);
            await new Promise((resolve) => setTimeout(resolve, ttlMs));
            inside.now--;
            inside.done++;
          },
        )),
    );
    assert.equal(inside.most, 1);
    assert.ok(inside.done >= 1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") assert.ok(outcome.reason instanceof BackupLeaseHeld);
    }
  }));

Deno.test("withLease() takes over at once from a process of this machine that has ended", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const me = await currentHolder(() => undefined);
    const [boot, namespace] = me.process.split("/");
    await abandoned(store, { name: "killed", process: `${boot}/${namespace}/${2 ** 22 - 1}/1` });
    const context = testContext();
    await withLease(store, source, { task: "t" }, context, () => Promise.resolve());
    assert.deepEqual(context.events, []);
  }));

Deno.test("withLease() takes over from another machine that shows no sign of life, and tells of the wait", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await abandoned(store, elsewhere);
    const context = testContext();
    const options = { task: "backup-postgres", ttlMs, holder: other };
    await withLease(store, source, options, context, () => Promise.resolve());
    const [note] = context.events;
    assert.match(
      note?.type === "note" ? note.message : "",
      /ana@elsewhere, process 7 holds the lease on postgres shop-production\/main; waiting up to 1 s/,
    );
    assert.deepEqual(await leasesOf(store), ["postgres/shop-production/main/lease.2.json"]);
  }));

Deno.test("withLease() asks a process of this machine that lives for no sign of life", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const me = await currentHolder(() => undefined);
    const first = await holding(store, me);
    const context = testContext();
    await assert.rejects(
      withLease(store, source, { task: "t", ttlMs }, context, () => Promise.resolve()),
      BackupLeaseHeld,
    );
    assert.deepEqual(context.events, []);
    await first.end();
  }));

Deno.test("a lease that another run took ends the work of the first, and its record is refused", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const first = await holding(store);
    const stolen = {
      ...JSON.parse(new TextDecoder().decode(await store.get(leaseName(source, 1)))),
    };
    const theirs = JSON.stringify({ ...stolen, token: "theirs", holder: "thief" });
    await store.put(leaseName(source, 2), new TextEncoder().encode(theirs));
    await assert.rejects(first.lease.check(), (error) => {
      assert.ok(error instanceof BackupLeaseLost, String(error));
      assert.match(error.message, /thief has its lease/);
      return true;
    });
    assert.ok(first.lease.signal.aborted);
    await first.end();
    assert.deepEqual(JSON.parse(new TextDecoder().decode(await store.get(leaseName(source, 2)))), {
      ...stolen,
      token: "theirs",
      holder: "thief",
    });
  }));

Deno.test("withLease() gives the lease back when the work fails", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const failure = new Error("dump ended early");
    const work = () => Promise.reject(failure);
    await assert.rejects(withLease(store, source, { task: "t" }, testContext(), work), failure);
    assert.equal(await take(store), "done");
  }));

Deno.test("withLease() needs no right to delete or to overwrite", () =>
  withFolder(async (folder) => {
    const { StoreError } = await import("../../../lib/store/errors.ts");
    const store: Store = createFolderStore(folder);
    const names = new Set<string>();
    const adding: Store = {
      ...store,
      async put(name, body, options) {
        if (names.has(name) && options?.ifAbsent !== true) throw new StoreError("denied");
        await store.put(name, body, options);
        names.add(name);
      },
      delete: () => Promise.reject(new StoreError("denied")),
    };
    const first = await holding(adding);
    await assert.rejects(take(adding), BackupLeaseHeld);
    await first.lease.check();
    await first.end();
    assert.equal(await take(adding), "done");
    assert.ok((await leasesOf(store)).length >= 3);
  }));

Deno.test("withLease() is neither stolen nor blocked by a clock that jumps", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const jumped = (hours: number) =>
      testContext({ now: () => Temporal.Now.instant().add({ hours }) });
    const attempt = (hours: number) =>
      withLease(
        store,
        source,
        { task: "t", ttlMs, holder: other },
        jumped(hours),
        () => Promise.resolve("done"),
      );
    const first = await holding(store, elsewhere, jumped(-48));
    await assert.rejects(attempt(48), BackupLeaseHeld);
    await first.end();
    assert.equal(await attempt(-48), "done");
  }));

Deno.test("withLease() believes the store's clock of a lease that has expired", () =>
  withFolder(async (folder) => {
    const plain = createFolderStore(folder);
    await abandoned(plain, elsewhere);
    const store: Store = { ...plain, now: () => Temporal.Now.instant().add({ minutes: 5 }) };
    const context = testContext();
    const options = { task: "backup-postgres", ttlMs, holder: other };
    await withLease(store, source, options, context, () => Promise.resolve());
    assert.deepEqual(context.events, []);
  }));
