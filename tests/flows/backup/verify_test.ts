import assert from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import type { BackupRecord } from "../../../lib/backup/record.ts";
import { checkBackup } from "../../../lib/flows/backup/check_backup.ts";
import { listBackups } from "../../../lib/flows/backup/list.ts";
import { writeObject } from "../../../lib/flows/backup/objects.ts";
import { verifyBackups } from "../../../lib/flows/backup/verify.ts";
import { createFolderStore } from "../../../lib/store/folder.ts";
import { hostContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { storeBackup } from "./stored_backup.ts";

const sources = ["clickhouse", "volume"].map((kind) => ({
  ...{ kind, scope: "shop-test", name: "main", item: "app" },
}));

Deno.test("a store alone means all that is in it, and what nothing restores here is checked and not verified", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    for (const source of sources) {
      await storeBackup(store, source, {
        id: "20261121T030000Z-000001",
        createdAt: "2026-11-21T03:00:00Z",
        bytes: new Uint8Array(4),
      });
    }
    const context = hostContext({ cwd: folder });
    assert.equal(await verifyBackups({ sources: [], store: folder }, context), 0);
    const tables = context.events.filter((event) => event.type === "table");
    assert.deepEqual(tables.map(({ rows }) => [rows[0]![1], rows[0]![3]]), [
      [
        "checked",
        "all bytes read and opened, sums agree; not restored: restore-clickhouse alone proves more",
      ],
      [
        "checked",
        "all bytes read and opened, sums agree; not restored: restore-volume alone proves more",
      ],
    ]);
    for (const source of sources) {
      const { backups } = await listBackups(store, source, context);
      assert.equal(backups[0]!.verification, undefined);
    }
    await assert.rejects(
      verifyBackups({ sources: [] }, context),
      /neither a source nor a platform/,
    );
  }));

Deno.test("what is encrypted is opened by whoever can, else only read", () =>
  withFolder(async (folder) => {
    const store = createFolderStore(folder);
    const source = sources[1]!;
    const context = hostContext({ cwd: folder });
    const [ana, bob] = [await generateIdentity(), await generateIdentity()];
    const id = "20261121T030000Z-000001";
    const recipients = [await identityToRecipient(ana)];
    const plain = new Blob(["all that a volume has"]).stream();
    const wanted = { source, id, suffix: "tar.zst.age", plain, recipients };
    const object = await writeObject(store, { ...wanted, compression: "zstd" }, context);
    const record: BackupRecord = {
      format: 1,
      ...source,
      id,
      createdAt: "2026-11-21T03:00:00Z",
      durationMs: 1,
      tool: "slipway test",
      objects: [object],
      recipients,
      details: {},
    };
    const check = (identities: string[], record: BackupRecord) =>
      checkBackup({ store, source, record, identities }, context);
    assert.match(await check([bob, ana], record), /^all bytes read and opened, sums agree; not re/);
    assert.match(await check([], record), /not opened: no identity was given; not restored/);
    assert.match(
      await check([bob], record),
      /not opened: it is encrypted for others; not restored/,
    );
    // What was stored is as it was sent, and is not what was backed up: only opening it shows that.
    const changed = { ...object, plain: { ...object.plain, sha256: "0".repeat(64) } };
    const other = { ...record, objects: [changed] };
    assert.match(await check([], other), /sums agree/);
    await assert.rejects(check([ana], other), /opened, was changed: its SHA-256 is/);
  }));
