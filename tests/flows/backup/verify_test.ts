import assert from "node:assert/strict";
import { listBackups } from "../../../lib/flows/backup/list.ts";
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
        "all bytes read, sums agree; not restored: restore-clickhouse alone proves more",
      ],
      ["checked", "all bytes read, sums agree; not restored: restore-volume alone proves more"],
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
