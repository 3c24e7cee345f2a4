import assert from "node:assert/strict";
import { type BackupSource, fileName } from "../../../lib/backup/names.ts";
import { verificationSuffix, writeVerification } from "../../../lib/backup/verification.ts";
import { ExitCode, UsageError } from "../../../lib/core/errors.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { withLease } from "../../../lib/flows/backup/lease.ts";
import { listBackupsTask } from "../../../lib/flows/backup/list_task.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import type { Store } from "../../../lib/store/store.ts";
import { bytesOf } from "../../store/suite.ts";
import { type TestContext, testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { storeBackup } from "./stored_backup.ts";

const source: BackupSource = { kind: "postgres", scope: "shop-test", name: "main", item: "orders" };
const [old, fresh, broken] = [
  "20261119T030000Z-000001",
  "20261120T030000Z-000002",
  "20261118T030000Z-000003",
] as const;

async function fill(store: Store): Promise<void> {
  const bytes = bytesOf(2_048);
  await storeBackup(store, source, { id: old, createdAt: "2026-11-19T03:00:00Z", bytes });
  await storeBackup(store, source, { id: fresh, createdAt: "2026-11-20T03:00:00Z", bytes });
  await storeBackup(store, source, { id: broken, createdAt: "2026-11-18T03:00:00Z", bytes });
  await store.delete(fileName(source, { id: broken, suffix: "dump" }));
  const verification = writeVerification({
    id: old,
    verifiedAt: "2026-11-19T04:00:00Z",
    durationMs: 90_000,
    target: "throwaway",
    proof: "row counts",
  });
  const put = (name: string, text: string) => store.put(name, new TextEncoder().encode(text));
  await put(fileName(source, { id: old, suffix: verificationSuffix }), verification);
  await put(fileName(source, { id: "20261121T030000Z-000004", suffix: "dump" }), "half");
  await put("postgres/shop-test/main/orders/notes.txt", "somebody's");
  await storeBackup(store, { ...source, item: "orders2" }, {
    id: old,
    createdAt: "2026-11-19T03:00:00Z",
    bytes,
  });
}

const withGround = (work: (context: TestContext, store: Store) => Promise<void>) =>
  withFolder(async (folder) => {
    const store = createFolderStore(`${folder}/store`);
    await fill(store);
    const now = () => Temporal.Instant.from("2026-11-20T05:30:00Z");
    await work(testContext({ cwd: folder, now }), store);
  });

const notesOf = (events: readonly SlipwayEvent[]) =>
  events.flatMap((event) => event.type === "note" ? [event.message] : []);

Deno.test("listBackupsTask() shows times, sizes, and when each was last restored, newest first", () =>
  withGround(async (context) => {
    const sources = ["postgres/shop-test/main/orders"];
    assert.equal(await listBackupsTask({ store: "store", sources }, context), ExitCode.done);
    const tables = context.events.filter((event) => event.type === "table");
    assert.equal(tables.length, 1);
    assert.match(tables[0]!.title, /^postgres shop-test\/main\/orders in file:/);
    const rows = tables[0]!.rows;
    assert.deepEqual(rows.map(([id]) => id), [fresh, old, broken]);
    assert.match(rows[0]![1]!, /2026-11-20 .*03:00.* UTC|2026-11-20 03:00 UTC/);
    assert.deepEqual(rows[0]!.slice(2), ["2 h 30 min", "2 KiB", "2 KiB", "1.5 s", "no", "never"]);
    assert.match(rows[1]![7]!, /04:00.* UTC\)?, in 1 min 30 s/);
    assert.equal(rows[2]![1], "damaged");
    const notes = notesOf(context.events).join("\n");
    assert.match(notes, /000003 cannot be used: its object .*\.dump is not there/);
    assert.match(notes, /without a record, .*: 20261121T030000Z-000004.dump/);
    assert.match(notes, /of no backup, and left alone: notes.txt/);
  }));

Deno.test("listBackupsTask() for programs gives one object a backup", () =>
  withGround(async (context) => {
    await listBackupsTask({ store: "store", sources: [], json: true }, context);
    const found = context.events.filter((event) => event.type === "summary");
    assert.deepEqual(found.map(({ item, backup }) => [item, backup]), [
      ["orders", fresh],
      ["orders", old],
      ["orders", undefined],
      ["orders2", old],
    ]);
    assert.equal(found[0]?.plainBytes, 2_048);
    assert.equal((found[1]?.verification as { durationMs: number }).durationMs, 90_000);
    assert.deepEqual((found[2]?.damaged as { id: string }[]).map(({ id }) => id), [broken]);
  }));

Deno.test("listBackupsTask() tells who works on a source just now", () =>
  withGround(async (context, store) => {
    const other = testContext();
    const options = { task: "backup-postgres", holder: { name: "ana@laptop", process: "" } };
    await withLease(store, source, options, other, async () => {
      await listBackupsTask({ store: "store", sources: [] }, context);
    });
    assert.match(
      notesOf(context.events).join("\n"),
      /orders: ana@laptop runs backup-postgres on it/,
    );
  }));

Deno.test("listBackupsTask() asks for a store or a platform, and tells of an empty store", () =>
  withGround(async (context) => {
    await assert.rejects(listBackupsTask({ sources: [] }, context), UsageError);
    await listBackupsTask({ store: "store", sources: ["vault"] }, context);
    assert.match(notesOf(context.events).join("\n"), /has none of these backups/);
    await listBackupsTask({ store: "nothing", sources: [] }, context);
    assert.match(notesOf(context.events).join("\n"), /nothing has no backups/);
  }));
