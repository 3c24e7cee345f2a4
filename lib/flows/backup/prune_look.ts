import {
  type BackupSource,
  fileName,
  folderOf,
  readFileName,
  recordSuffix,
} from "../../backup/names.ts";
import { readRemoval, removalSuffix } from "../../backup/removal.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";

/** What is left of a backup that an earlier run began to remove. */
export interface Leftover {
  /** Id of the backup. */
  id: string;
  /** What follows the id in the names of its files. */
  suffixes: readonly string[];
}

/** What pruning needs to know of a source's folder besides the backups in it. */
export interface FolderLook {
  /** Size of each file in bytes, by id and suffix as its name has them. */
  sizes: Map<string, number>;
  /** Id of the backup whose record was written last, by the store's clock. */
  storedLast?: string;
  /** Removals that an earlier run did not finish. */
  leftovers: Leftover[];
}

/**
 * Look at the files of one source.
 *
 * @throws {StoreError} when the store cannot be read
 */
export async function lookInto(
  store: Store,
  source: BackupSource,
  { signal }: Pick<Context, "signal">,
): Promise<FolderLook> {
  const objects = await store.list(folderOf(source), { signal });
  const files = objects.flatMap((object) => {
    const file = readFileName(source, object.name);
    return file === undefined ? [] : [{ ...file, ...object }];
  });
  const records = files.filter(({ suffix }) => suffix === recordSuffix)
    .toSorted((a, b) => Temporal.Instant.compare(b.modifiedAt, a.modifiedAt));
  const whole = new Set(records.map(({ id }) => id));
  const leftovers: Leftover[] = [];
  for (const { id, suffix } of files) {
    // With its record a backup is whole, and what is to become of it is decided anew.
    if (suffix !== removalSuffix || whole.has(id)) continue;
    const text = await store.get(fileName(source, { id, suffix }), { signal });
    const removal = text === undefined
      ? undefined
      : readRemoval(new TextDecoder().decode(text), id);
    if (removal !== undefined) leftovers.push(removal);
  }
  return {
    sizes: new Map(files.map(({ id, suffix, sizeBytes }) => [`${id}.${suffix}`, sizeBytes])),
    ...records[0] === undefined ? {} : { storedLast: records[0].id },
    leftovers,
  };
}
