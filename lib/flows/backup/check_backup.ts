import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";
import { canOpen } from "./identities.ts";
import { checkStored, openPlain } from "./objects.ts";
import { restoreTaskOf } from "./verifiers.ts";

/** A backup that is checked, and what opens it. */
export interface CheckOptions {
  /** Where it is. */
  store: Store;
  /** What it is of. */
  source: BackupSource;
  /** What is known of it. */
  record: BackupRecord;
  /** age identities; none where nobody gave any. */
  identities: readonly string[];
}

/**
 * Read a backup that nothing here can restore to its end, and compare the sums: where one of the identities opens it,
 * decrypted and decompressed, else as it is stored. Returns what was seen, and what it does not prove.
 *
 * @throws {SlipwayError} when a sum differs, or an object cannot be opened
 */
export async function checkBackup(
  { store, source, record, identities }: CheckOptions,
  { signal }: Pick<Context, "signal">,
): Promise<string> {
  const opens = await canOpen(identities, record);
  for (const object of record.objects) {
    if (opens) {
      const plain = await openPlain(store, source, record, object, { identities, signal });
      await plain.pipeTo(new WritableStream(), { signal });
    } else await checkStored(store, source, record, object, { signal });
  }
  const seen = opens
    ? "all bytes read and opened, sums agree"
    : `all bytes read, sums agree; not opened: ${
      identities.length === 0 ? "no identity was given" : "it is encrypted for others"
    }`;
  return `${seen}; not restored: ${restoreTaskOf(source.kind) ?? "a restore"} alone proves more`;
}
