import assert from "node:assert/strict";
import { type BackupSource, fileName, nameOfSource } from "../../../lib/backup/names.ts";
import { type BackupRecord, writeRecord } from "../../../lib/backup/record.ts";
import { ExitCode, UsageError } from "../../../lib/core/errors.ts";
import { pruneBackups } from "../../../lib/flows/backup/prune_backups.ts";
import { findSources } from "../../../lib/flows/backup/sources.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import { type TestContext, testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { startReceiver } from "../../notify/receiver.ts";

const source = (name: string, item?: string): BackupSource => ({
  ...{ kind: "postgres", scope: "shop-test", name },
  ...item === undefined ? {} : { item },
});

/** Give each source a backup of each of the last three days. */
async function putBackups(folder: string, sources: readonly BackupSource[]): Promise<void> {
  const store = createFolderStore(folder);
  for (const of of sources) {
    for (const day of ["19", "20", "21"]) {
      const id = `202611${day}T030000Z-000000`;
      const record: BackupRecord = {
        ...{ format: 1, ...of, id, createdAt: `2026-11-${day}T03:00:00Z`, durationMs: 1 },
        objects: [{
          suffix: "dump.age",
          plain: { sizeBytes: 0, sha256: "0".repeat(64) },
          stored: { sizeBytes: 0, sha256: "0".repeat(64) },
        }],
        ...{ tool: "slipway 1", recipients: [], details: {} },
      };
      await store.put(fileName(of, { id, suffix: "dump.age" }), new Uint8Array());
      await store.put(
        fileName(of, { id, suffix: "json" }),
        new TextEncoder().encode(writeRecord(record)),
      );
    }
  }
}

const summaries = ({ events }: TestContext) =>
  Object.fromEntries(
    events.flatMap((event) =>
      event.type === "summary"
        ? [[nameOfSource(event as unknown as BackupSource), (event.removed as string[]).length]]
        : []
    ),
  );

const count = async (folder: string) =>
  (await createFolderStore(folder).list("")).filter(({ name }) => /T030000Z-0+\.json$/.test(name))
    .length;

Deno.test("pruneBackups() prunes the sources that are named, and those only", () =>
  withFolder(async (folder) => {
    const sources = [source("main"), source("main", "orders"), source("main2"), source("mai")];
    await putBackups(folder, sources);
    const dry = testContext();
    const request = { sources: ["postgres/shop-test/main"], store: folder, keep: "last=1" };
    assert.equal(await pruneBackups({ ...request, dryRun: true }, dry), ExitCode.done);
    const wanted = { "postgres shop-test/main": 2, "postgres shop-test/main/orders": 2 };
    assert.deepEqual(summaries(dry), wanted);
    assert.equal(await count(folder), 12);
    assert.deepEqual((await createFolderStore(folder).list("")).length, 24);

    const context = testContext();
    assert.equal(await pruneBackups(request, context), ExitCode.done);
    assert.deepEqual(summaries(context), wanted);
    assert.equal(await count(folder), 8);
    assert.equal((await findSources(createFolderStore(folder), {}, context)).length, 4);
    const table = context.events.find((event) => event.type === "table");
    assert.deepEqual(table?.rows[1], ["20261120T030000Z-000000", "removed", "not of the last 1"]);
  }));

Deno.test("pruneBackups() tells who listens that it was done, and what the store has", () =>
  withFolder(async (folder) => {
    await putBackups(folder, [source("main")]);
    await using receiver = startReceiver();
    const context = testContext({
      env: (name) => name === "SLIPWAY_PING_URL" ? receiver.url : undefined,
    });
    await pruneBackups({ sources: ["postgres"], store: folder, keep: "last=1" }, context);
    assert.deepEqual(receiver.told.map(({ body }) => body), [
      "prune-backups begins",
      "prune-backups: done\npostgres shop-test/main: done; last backup 2026-11-21 03:00 UTC, never restored",
    ]);
  }));

Deno.test("pruneBackups() goes on with the others where a record cannot be removed", () =>
  withFolder(async (folder) => {
    await putBackups(folder, [source("a"), source("b")]);
    // A folder in its place cannot be removed as a file is.
    const blocked = `${folder}/${
      fileName(source("a"), { id: "20261119T030000Z-000000", suffix: "removed.json" })
    }`;
    await Deno.mkdir(`${blocked}/x`, { recursive: true });
    const context = testContext();
    const request = { sources: ["postgres"], store: folder, keep: "last=1" };
    assert.equal(await pruneBackups(request, context), ExitCode.partly);
    assert.deepEqual(summaries(context), { "postgres shop-test/a": 1, "postgres shop-test/b": 2 });
    const warning = context.events.find((event) => event.type === "note");
    assert.match(warning?.message ?? "", /20261119T030000Z-000000 of postgres shop-test\/a/);
  }));

Deno.test("pruneBackups() refuses to prune all that a store has, and time zones that are none", async () => {
  const request = { sources: [], store: "/nowhere", keep: "last=1" };
  await assert.rejects(pruneBackups(request, testContext()), UsageError);
  await assert.rejects(
    pruneBackups({ ...request, sources: ["postgres"], timeZone: "Mars/Base" }, testContext()),
    /Cannot use the time zone "Mars\/Base"/,
  );
});

Deno.test("pruneBackups() says when the store has none of what is named", () =>
  withFolder(async (folder) => {
    const context = testContext();
    await pruneBackups({ sources: ["vault"], store: folder, keep: "last=1" }, context);
    const [note] = context.events;
    assert.match(note?.type === "note" ? note.message : "", /has no backups of what is to be/);
  }));
