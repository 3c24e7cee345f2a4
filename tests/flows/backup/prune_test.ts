import assert from "node:assert/strict";
import { type BackupSource, fileName, folderOf } from "../../../lib/backup/names.ts";
import { type BackupRecord, writeRecord } from "../../../lib/backup/record.ts";
import { verificationSuffix, writeVerification } from "../../../lib/backup/verification.ts";
import { UsageError } from "../../../lib/core/errors.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { pruneSource } from "../../../lib/flows/backup/prune.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const source: BackupSource = { kind: "postgres", scope: "shop-test", name: "main", item: "app" };
const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const context = () => testContext({ now: () => now });
const encode = (text: string) => new TextEncoder().encode(text);
const measure = { sizeBytes: 4, sha256: "0".repeat(64) };

/** Id of the backup of this many days ago. */
function idOf(day: number): string {
  const at = Temporal.Instant.from("2026-11-21T03:00:00Z").subtract({ hours: 24 * day });
  return `${at.toString().replaceAll(/[-:]/g, "")}-${String(Math.abs(day)).padStart(6, "0")}`;
}

async function put(store: Store, day: number, of: BackupSource = source): Promise<string> {
  const id = idOf(day);
  const createdAt = Temporal.Instant.from("2026-11-21T03:00:00Z").subtract({ hours: 24 * day });
  const record: BackupRecord = {
    ...{ format: 1, ...of, id, createdAt: createdAt.toString(), durationMs: 1, tool: "slipway 1" },
    objects: ["dump.age", "globals.age"].map((suffix) => ({
      ...{ suffix, plain: measure, stored: measure },
    })),
    ...{ recipients: [], details: {} },
  };
  for (const { suffix } of record.objects) {
    await store.put(fileName(of, { id, suffix }), encode("body"));
  }
  await store.put(fileName(of, { id, suffix: "json" }), encode(writeRecord(record)));
  return id;
}

/** Backups of the last days, the oldest first, as they are made. */
async function putDays(store: Store, days: number, of?: BackupSource): Promise<void> {
  for (let day = days - 1; day >= 0; day--) await put(store, day, of);
}

async function verify(store: Store, day: number): Promise<void> {
  const verification = {
    ...{ id: idOf(day), verifiedAt: now.toString(), durationMs: 5, target: "t", proof: "p" },
  };
  const name = fileName(source, { id: idOf(day), suffix: verificationSuffix });
  await store.put(name, encode(writeVerification(verification)));
}

async function idsIn(store: Store, of: BackupSource = source): Promise<string[]> {
  const { backups } = await listBackups(store, of, context());
  return backups.map(({ record }) => record.id);
}

const filesIn = async (store: Store, of: BackupSource = source) =>
  (await store.list(folderOf(of))).map(({ name }) => name.slice(folderOf(of).length));

/** A store that does not do what `refuses` says. */
function refusing(store: Store, refuses: (act: "put" | "delete", name: string) => boolean): Store {
  const refuse = (act: "put" | "delete", name: string) => {
    if (!refuses(act, name)) return;
    throw new StoreError(`Cannot ${act} ${name}: denied`, { remedy: "allow it" });
  };
  return {
    ...store,
    async put(name, body, options) {
      refuse("put", name);
      await store.put(name, body, options);
    },
    async delete(name, options) {
      refuse("delete", name);
      return await store.delete(name, options);
    },
  };
}

Deno.test("pruneSource() removes what the policy does not keep, with all of its files, and nothing else", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 5);
    await verify(store, 4);
    await verify(store, 1);
    const near = ["app2", "app-staging", "App"].map((item) => ({ ...source, item }));
    for (const each of near) await putDays(store, 3, each);
    await store.put(`${folderOf(source)}notes.txt`, encode("keep me"));
    await store.put(fileName(source, { id: idOf(9), suffix: "dump.age" }), encode("half"));
    await store.delete(fileName(source, { id: idOf(3), suffix: "dump.age" }));

    const result = await pruneSource(store, source, { last: 2 }, {}, context());

    assert.deepEqual(result.removed, [idOf(4), idOf(2)]);
    assert.deepEqual([result.freedBytes, result.failures], [16, []]);
    const { backups, damaged, unfinished, foreign } = await listBackups(store, source, context());
    assert.deepEqual(backups.map(({ record }) => record.id), [idOf(0), idOf(1)]);
    assert.deepEqual(damaged.map(({ id }) => id), [idOf(3)]);
    assert.deepEqual([unfinished.length, foreign.length], [1, 1]);
    assert.ok((await filesIn(store)).every((file) => !file.startsWith(idOf(4))));
    for (const each of near) assert.equal((await idsIn(store, each)).length, 3);
  }));

Deno.test("pruneSource() of a server leaves the databases in it alone", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const server = { kind: "postgres", scope: "shop-test", name: "main" };
    await putDays(store, 3, server);
    await putDays(store, 3, source);
    assert.equal((await pruneSource(store, server, { last: 1 }, {}, context())).removed.length, 2);
    assert.equal((await idsIn(store, source)).length, 3);
  }));

Deno.test("a damaged newest backup takes no place from the older ones", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 3);
    await store.put(fileName(source, { id: idOf(0), suffix: "dump.age" }), encode("cut"));
    await pruneSource(store, source, { last: 1 }, {}, context());
    assert.deepEqual(await idsIn(store), [idOf(1)]);
    assert.ok((await filesIn(store)).includes(`${idOf(0)}.json`));
  }));

Deno.test("pruneSource() only tells with dryRun what it would remove", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 4);
    const before = await filesIn(store);
    const { removed, verdicts, freedBytes } = await pruneSource(
      refusing(store, () => true),
      source,
      { last: 1 },
      { dryRun: true },
      context(),
    );
    assert.deepEqual([removed.length, verdicts.length, freedBytes], [3, 4, 24]);
    assert.deepEqual(await filesIn(store), before);
  }));

Deno.test("a run that is killed at any step leaves whole backups, and the next run finishes it", () =>
  withFolder(async (folder) => {
    for (let steps = 0;; steps++) {
      const store = createFolderStore(`${folder}/${steps}`);
      await putDays(store, 3);
      await verify(store, 2);
      let left = steps;
      const killed = new AbortController();
      const dying = refusing(store, () => {
        if (left-- > 0) return false;
        killed.abort(new Error("killed"));
        return true;
      });
      const run = { ...context(), signal: killed.signal };
      await pruneSource(dying, source, { last: 1 }, {}, run).catch((error) =>
        assert.equal(error.message, "killed")
      );
      const { backups, damaged, unfinished, removing } = await listBackups(
        store,
        source,
        context(),
      );
      assert.deepEqual([damaged, unfinished], [[], []], `after ${steps} steps`);
      assert.deepEqual(
        backups.map(({ record }) => record.id).filter((id) => id !== idOf(1)),
        [idOf(0), idOf(2)],
      );
      assert.ok(removing.every((id) => id === idOf(1)));

      await pruneSource(store, source, { last: 1 }, {}, context());
      const files = [`${idOf(0)}.dump.age`, `${idOf(0)}.globals.age`, `${idOf(0)}.json`];
      // The verified one stays, as the newest of its kind, and with what proves it.
      const proved = ["dump.age", "globals.age", "json", verificationSuffix]
        .map((suffix) => `${idOf(2)}.${suffix}`);
      assert.deepEqual(await filesIn(store), [...proved, ...files].toSorted());
      if (!killed.signal.aborted) return;
    }
  }));

Deno.test("a backup that was about to be removed stays when the policy now keeps it, and its mark goes", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 2);
    const denying = refusing(store, (act, name) => act === "delete" && name.endsWith(".json"));
    await pruneSource(denying, source, { last: 1 }, {}, context());
    assert.ok((await filesIn(store)).includes(`${idOf(1)}.removed.json`));
    await pruneSource(store, source, { last: 2 }, {}, context());
    assert.deepEqual(await idsIn(store), [idOf(0), idOf(1)]);
    assert.ok(!(await filesIn(store)).includes(`${idOf(1)}.removed.json`));
  }));

Deno.test("what may not be removed is told with its remedy, and the rest goes", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 4);
    const locked = refusing(store, (act, name) => act === "delete" && name.includes(idOf(2)));
    const told = context();
    const { removed, failures } = await pruneSource(locked, source, { last: 1 }, {}, told);
    assert.deepEqual(removed, [idOf(3), idOf(1)]);
    assert.deepEqual(failures.map(({ id }) => id), [idOf(2)]);
    assert.deepEqual(told.events.map((event) => event.type === "note" && event.remedy), [
      "allow it",
    ]);
    assert.deepEqual(await idsIn(store), [idOf(0), idOf(2)]);
  }));

Deno.test("keys that may not delete are told of once", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 4);
    const told = context();
    const adding = refusing(store, (act) => act === "delete");
    const { removed, failures } = await pruneSource(adding, source, { last: 1 }, {}, told);
    assert.deepEqual([removed.length, failures.length], [0, 3]);
    const [note, ...others] = told.events;
    assert.match(
      note?.type === "note" ? note.message : "",
      /^3 backups of postgres shop-test\/main\/app could not be removed, first 20261118T/,
    );
    assert.deepEqual(others, []);
    assert.equal((await idsIn(store)).length, 4);
  }));

Deno.test("the store's clock tells a backup that a clock ahead of time has dated", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 3);
    await put(store, -3_650);
    const ahead = { ...context(), now: () => now.add({ hours: 24 * 3_650 }) };
    await pruneSource({ ...store, now: () => now }, source, { days: 30 }, {}, ahead);
    assert.deepEqual(await idsIn(store), [idOf(-3_650), idOf(0), idOf(1), idOf(2)]);
  }));

Deno.test("a backup that a clock behind time has dated stays as long as it is the one that was stored last", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 3);
    await put(store, 9_000);
    await pruneSource(store, source, { last: 1 }, {}, context());
    assert.deepEqual(await idsIn(store), [idOf(0), idOf(9_000)]);
  }));

Deno.test("a backup stays as long as a restore of it has not ended", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 3);
    const state = fileName(source, { id: idOf(2), suffix: "restore-0123456789ab.json" });
    await store.put(state, encode("{}"));
    const { verdicts } = await pruneSource(store, source, { last: 1 }, {}, context());
    assert.deepEqual(verdicts.at(-1), {
      ...{ id: idOf(2), keep: true, because: ["a restore of it has not ended"] },
    });
    await store.delete(state);
    await pruneSource(store, source, { last: 1 }, {}, context());
    assert.deepEqual(await idsIn(store), [idOf(0)]);
  }));

Deno.test("a policy that would leave nothing is refused before anything goes", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    await putDays(store, 2);
    await assert.rejects(pruneSource(store, source, {}, {}, context()), UsageError);
    assert.equal((await idsIn(store)).length, 2);
  }));
