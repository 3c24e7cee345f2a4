import { createHash } from "node:crypto";
import { type BackupSource, fileName, recordSuffix } from "../../../lib/backup/names.ts";
import { type BackupRecord, writeRecord } from "../../../lib/backup/record.ts";
import type { Store } from "../../../lib/store/store.ts";

/** Put a backup of one object, in the clear, into a store. */
export async function storeBackup(
  store: Store,
  source: BackupSource,
  { id, createdAt, bytes }: { id: string; createdAt: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<BackupRecord> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const measure = { sizeBytes: bytes.length, sha256 };
  const record: BackupRecord = {
    format: 1,
    ...source,
    id,
    createdAt,
    durationMs: 1_500,
    tool: "slipway test",
    objects: [{ suffix: "dump", plain: measure, stored: measure }],
    recipients: [],
    details: {},
  };
  await store.put(fileName(source, { id, suffix: "dump" }), bytes);
  const text = new TextEncoder().encode(writeRecord(record));
  await store.put(fileName(source, { id, suffix: recordSuffix }), text);
  return record;
}
