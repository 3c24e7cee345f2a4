import assert from "node:assert/strict";
import { fileName } from "../../../lib/backup/names.ts";
import { withHold } from "../../../lib/flows/backup/hold.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { pruneSource } from "../../../lib/flows/backup/prune.ts";
import { currentHolder } from "../../../lib/flows/holder.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { storeBackup } from "./stored_backup.ts";

const source = { kind: "postgres", scope: "shop-test", name: "main", item: "app" };
const [older, newer] = ["20261119T030000Z-000001", "20261121T030000Z-000002"] as const;
const reader = { name: "ana@elsewhere, process 7", process: "boot/pid:[1]/7/1" };
const hold = { task: "restore-postgres", holder: reader };
const context = () => testContext({ now: Temporal.Now.instant });

/** Give a store two backups, of which a policy keeps one. */
function withBackups(work: (store: Store) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const store = createFolderStore(folder);
    for (const [id, day] of [[older, 19], [newer, 21]] as const) {
      await storeBackup(store, source, {
        ...{ id, createdAt: `2025-11-${day}T03:00:00Z`, bytes: new Uint8Array(4) },
      });
    }
    await work(store);
  });
}

const prune = (store: Store) => pruneSource(store, source, { last: 1 }, {}, context());
const holds = async (store: Store) =>
  (await store.list("")).filter(({ name }) => name.includes(".hold-"));

Deno.test("a backup that is read stays, with the reader's name, and goes when all have read it", () =>
  withBackups(async (store) => {
    await withHold(store, source, older, hold, context(), async () => {
      await withHold(store, source, older, hold, context(), () => Promise.resolve());
      const { verdicts, removed } = await prune(store);
      assert.deepEqual(removed, []);
      assert.match(
        verdicts.at(-1)!.because[0]!,
        /^ana@elsewhere, process 7 reads it for restore-postgres since \d{4}-/,
      );
    });
    assert.deepEqual(await holds(store), []);
    assert.deepEqual((await prune(store)).removed, [older]);
  }));

Deno.test("a restore that begins while a prune runs keeps its backup", () =>
  withBackups(async (store) => {
    const ending = Promise.withResolvers<void>();
    let reading: Promise<void> | undefined;
    const late: Store = {
      ...store,
      async put(name, body, options) {
        await store.put(name, body, options);
        if (!name.endsWith(".removed.json")) return;
        const begun = Promise.withResolvers<void>();
        reading = withHold(store, source, older, hold, context(), () => {
          begun.resolve();
          return ending.promise;
        });
        await begun.promise;
      },
    };
    const { removed, failures } = await prune(late);
    assert.deepEqual(removed, []);
    assert.match(String(failures[0]?.error), /ana@elsewhere, process 7 reads it/);
    ending.resolve();
    await reading;
    const { backups, removing } = await listBackups(store, source, context());
    assert.deepEqual([backups.length, removing], [2, []]);
  }));

Deno.test("a killed reader is in the way of nobody for ever", () =>
  withBackups(async (store) => {
    const [boot, namespace] = (await currentHolder(() => undefined)).process.split("/");
    const left = (name: string, process: string, ttlMs: number) => {
      const file = {
        ...{ format: 1, holder: "killed", process, task: "t", token: "t", renewals: 0, ttlMs },
        takenAt: "2026-11-21T03:00:00Z",
      };
      const body = new TextEncoder().encode(JSON.stringify(file));
      return store.put(fileName(source, { id: older, suffix: `hold-${name}.json` }), body);
    };
    await left("0000000000aa", reader.process, 60_000);
    await left("0000000000bb", `${boot}/${namespace}/${2 ** 22 - 1}/1`, 60_000);
    assert.deepEqual((await prune(store)).removed, []);
    const anHourOn = testContext({ now: () => Temporal.Now.instant().add({ hours: 1 }) });
    const { removed } = await pruneSource(store, source, { last: 1 }, {}, anHourOn);
    assert.deepEqual(removed, [older]);
    assert.deepEqual(await holds(store), []);
  }));

Deno.test("keys that may not write restore without a hold, and it is told; those that may not delete give it back", () =>
  withBackups(async (store) => {
    const deny = () => Promise.reject(new StoreError("denied"));
    const told = context();
    const read = { ...store, put: deny };
    assert.equal(await withHold(read, source, older, hold, told, () => Promise.resolve(7)), 7);
    assert.match(JSON.stringify(told.events), /nothing keeps prune-backups from removing 2026/);
    const addOnly = { ...store, delete: deny };
    await withHold(addOnly, source, older, hold, context(), () => Promise.resolve());
    assert.equal((await holds(store)).length, 1);
    assert.deepEqual((await prune(store)).removed, [older]);
  }));

Deno.test("a hold is renewed as long as it is read", () =>
  withBackups(async (store) => {
    const renewed = Promise.withResolvers<void>();
    let writes = 0;
    const counting: Store = {
      ...store,
      async put(name, body, options) {
        await store.put(name, body, options);
        if (++writes === 3) renewed.resolve();
      },
    };
    const options = { ...hold, ttlMs: 60 };
    await withHold(counting, source, older, options, context(), () => renewed.promise);
    assert.deepEqual(await holds(store), []);
  }));
