import assert from "node:assert/strict";
import { type BackupSource, fileName } from "../../../lib/backup/names.ts";
import { verificationSuffix, writeVerification } from "../../../lib/backup/verification.ts";
import { ExitCode, SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import { copyBackup } from "../../../lib/flows/backup/copy.ts";
import { copyBackups, type CopyBackupsRequest } from "../../../lib/flows/backup/copy_backups.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { bytesOf } from "../../store/suite.ts";
import { type TestContext, testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { storeBackup } from "./stored_backup.ts";

const main: BackupSource = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };
const idOf = (day: number) => `202611${day}T030000Z-00000${day % 10}`;
const timeOf = (day: number) => `2026-11-${day}T03:00:00Z`;
const bytes = bytesOf(100_000);

interface Ground {
  from: Store;
  to: Store;
  context: TestContext;
  put(day: number, source?: BackupSource): Promise<void>;
  copy(changes?: Partial<CopyBackupsRequest>): Promise<ExitCode>;
  ids(store: Store): Promise<string[]>;
}

const withGround = (work: (ground: Ground) => Promise<void>) =>
  withFolder(async (folder) => {
    const [from, to] = [createFolderStore(`${folder}/a`), createFolderStore(`${folder}/b`)];
    const context = testContext({ cwd: folder });
    await work({
      from,
      to,
      context,
      put: async (day, source = main) =>
        void await storeBackup(from, source, { id: idOf(day), createdAt: timeOf(day), bytes }),
      copy: (changes = {}) => copyBackups({ sources: [], from: "a", to: "b", ...changes }, context),
      ids: async (store) =>
        (await listBackups(store, main, context)).backups.map(({ record }) => record.id),
    });
  });

const summaries = ({ events }: TestContext) =>
  events.filter((event) => event.type === "summary").map((
    { copied, there, failed, copiedBytes },
  ) => ({
    copied,
    there,
    failed,
    copiedBytes,
  }));

Deno.test("copyBackups() copies all byte for byte, and a second run nothing", () =>
  withGround(async ({ from, to, context, put, copy, ids }) => {
    for (const day of [18, 19, 20]) await put(day);
    assert.equal(await copy(), ExitCode.done);
    assert.deepEqual(await ids(to), [20, 19, 18].map(idOf));
    for (const { name } of await from.list("")) {
      assert.deepEqual(await to.get(name), await from.get(name), name);
    }
    assert.equal(await copy(), ExitCode.done);
    assert.deepEqual(summaries(context), [
      { copied: 3, there: 0, failed: 0, copiedBytes: 300_000 },
      { copied: 0, there: 3, failed: 0, copiedBytes: 0 },
    ]);
  }));

Deno.test("copyBackups() copies only the sources that are named, and by whole names", () =>
  withGround(async ({ to, context, put, copy }) => {
    const other = { ...main, item: "orders2" };
    await put(18);
    await put(18, other);
    assert.equal(await copy({ sources: ["postgres/shop-test/main/orders"] }), ExitCode.done);
    assert.equal((await listBackups(to, main, context)).backups.length, 1);
    assert.equal((await listBackups(to, other, context)).backups.length, 0);
  }));

Deno.test("copyBackups() does not send what the policy would remove there again", () =>
  withGround(async ({ to, put, copy, ids }) => {
    for (const day of [18, 19, 20]) await put(day);
    await copy({ keep: "last=2" });
    assert.deepEqual(await ids(to), [20, 19].map(idOf));
  }));

Deno.test("a backup whose bytes were changed is not copied, is told of, and the others are", () =>
  withGround(async ({ from, to, context, put, copy, ids }) => {
    for (const day of [18, 19]) await put(day);
    const name = fileName(main, { id: idOf(19), suffix: "dump" });
    const flipped = bytes.slice();
    flipped[5_000]! ^= 1;
    await from.put(name, flipped);
    await assert.rejects(copy(), /was changed: its SHA-256 is/);
    assert.deepEqual(await ids(to), [idOf(18)]);
    assert.equal(await to.get(name), undefined);
    const notes = context.events.flatMap((event) => event.type === "note" ? [event.message] : []);
    assert.match(
      notes.join("\n"),
      new RegExp(`backup ${idOf(19)}, was not copied: Refused a backup`),
    );
  }));

Deno.test("a copy that was killed goes on with what is right there, and replaces what is not", () =>
  withGround(async ({ to, context, put, copy, ids }) => {
    for (const day of [18, 19]) await put(day);
    const nameOf = (day: number) => fileName(main, { id: idOf(day), suffix: "dump" });
    await to.put(nameOf(18), bytes);
    await to.put(nameOf(19), bytes.slice().fill(0, 7));
    assert.deepEqual(await ids(to), []);
    assert.equal(await copy(), ExitCode.done);
    assert.deepEqual(await ids(to), [19, 18].map(idOf));
    assert.deepEqual(await to.get(nameOf(19)), bytes);
    assert.equal(summaries(context)[0]?.copiedBytes, bytes.length);
  }));

Deno.test("copyBackup() repairs a copy whose object was lost", () =>
  withGround(async ({ to, put, copy, ids }) => {
    await put(18);
    await copy();
    await to.delete(fileName(main, { id: idOf(18), suffix: "dump" }));
    assert.deepEqual(await ids(to), []);
    assert.equal(await copy(), ExitCode.done);
    assert.deepEqual(await ids(to), [idOf(18)]);
  }));

Deno.test("copyBackups() tells the copy too when a backup was restored", () =>
  withGround(async ({ from, to, context, put, copy }) => {
    await put(18);
    await copy();
    await verified(from, 21);
    assert.equal(await copy(), ExitCode.done);
    const [backup] = (await listBackups(to, main, context)).backups;
    assert.equal(backup?.verification?.verifiedAt, timeOf(21));
  }));

Deno.test("copyBackups() leaves it that a copy was restored later than the backup it is of", () =>
  withGround(async ({ from, to, context, put, copy }) => {
    await put(18);
    await verified(from, 20);
    await copy();
    await verified(to, 21);
    assert.equal(await copy(), ExitCode.done);
    const [backup] = (await listBackups(to, main, context)).backups;
    assert.equal(backup?.verification?.verifiedAt, timeOf(21));
  }));

Deno.test("copyBackups() fails where a backup is damaged, and copies the others", () =>
  withGround(async ({ from, context, put, copy, to, ids }) => {
    await put(18);
    await put(19);
    await from.delete(fileName(main, { id: idOf(18), suffix: "dump" }));
    await assert.rejects(copy(), /its object .*dump is not there/);
    assert.deepEqual(await ids(to), [idOf(19)]);
    assert.equal(summaries(context)[0]?.failed, 1);
  }));

/** Say in a store that the first backup was restored. */
async function verified(store: Store, day: number): Promise<void> {
  const text = writeVerification({
    id: idOf(18),
    verifiedAt: timeOf(day),
    durationMs: 9,
    target: "throwaway",
    proof: "row counts",
  });
  const name = fileName(main, { id: idOf(18), suffix: verificationSuffix });
  await store.put(name, new TextEncoder().encode(text));
}

Deno.test("copyBackup() leaves another record of the same id alone", () =>
  withGround(async ({ from, to, context, put }) => {
    await put(18);
    const other = await storeBackup(to, main, {
      id: idOf(18),
      createdAt: timeOf(17),
      bytes: bytesOf(5),
    });
    const [backup] = (await listBackups(from, main, context)).backups;
    const there = await listBackups(to, main, context);
    await assert.rejects(
      copyBackup({ source: main, from, to, there }, backup!, context),
      (error) => error instanceof SlipwayError && /another record of this name/.test(error.message),
    );
    assert.deepEqual((await listBackups(to, main, context)).backups[0]?.record, other);
  }));

Deno.test("copyBackups() with --dry-run writes nothing", () =>
  withGround(async ({ to, context, put, copy }) => {
    await put(18);
    assert.equal(await copy({ dryRun: true }), ExitCode.done);
    assert.deepEqual(await to.list(""), []);
    assert.deepEqual(summaries(context), [{
      copied: 1,
      there: 0,
      failed: 0,
      copiedBytes: 100_000,
    }]);
  }));

Deno.test("copyBackups() holds what it copies, so that no pruning removes it meanwhile", () =>
  withGround(async ({ from, context, put, copy }) => {
    await put(18);
    const held: boolean[] = [];
    const folder = `${context.cwd}/a/postgres/shop-test/main/orders`;
    const emit = context.emit;
    context.emit = (event) => {
      if (event.type === "stage" && event.state === "progress") {
        held.push(Array.from(Deno.readDirSync(folder)).some(({ name }) => /\.hold-/.test(name)));
      }
      emit(event);
    };
    assert.equal(await copy(), ExitCode.done);
    assert.equal(held.at(-1), true);
    assert.deepEqual((await from.list("")).filter(({ name }) => /\.hold-/.test(name)), []);
  }));

Deno.test("copyBackups() of nothing is a failure", () =>
  withGround(async ({ put, copy }) => {
    await assert.rejects(copy(), /has no backups of what is to be copied/);
    await put(18);
    await assert.rejects(copy({ sources: ["vault"] }), /has no backups of what is to be copied/);
  }));

Deno.test("copyBackups() asks for both stores, and refuses one and the same", () =>
  withGround(async ({ context, copy }) => {
    await assert.rejects(copyBackups({ sources: [], from: "a" }, context), UsageError);
    await assert.rejects(copyBackups({ sources: [], to: "a" }, context), UsageError);
    await assert.rejects(copy({ to: "a" }), /both where from and where to/);
  }));
