import type { BackupListing } from "../../backup/listing.ts";
import { fileName, folderOf, readFileName, recordSuffix } from "../../backup/names.ts";
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

/** What pruning needs to know of a source's files besides the backups that they are. */
export interface FolderLook {
  /** Size of each file in bytes, by id and suffix as its name has them. */
  sizes: Map<string, number>;
  /** Id of the backup whose record was written last, by the store's clock. */
  storedLast?: string;
  /** Removals that an earlier run did not finish. */
  leftovers: Leftover[];
  /** Ids of whole backups that an earlier run was about to remove: what is to become of them is decided anew. */
  marked: Set<string>;
}

/**
 * Look at the files of one source.
 *
 * @throws {StoreError} when the store cannot be read
 */
export async function lookInto(
  store: Store,
  { source, removing }: Pick<BackupListing, "source" | "removing">,
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
  for (const id of removing) {
    const text = await store.get(fileName(source, { id, suffix: removalSuffix }), { signal });
    const removal = text === undefined
      ? undefined
      : readRemoval(new TextDecoder().decode(text), id);
    if (removal !== undefined) leftovers.push(removal);
  }
  return {
    sizes: new Map(files.map(({ id, suffix, sizeBytes }) => [`${id}.${suffix}`, sizeBytes])),
    ...records[0] === undefined ? {} : { storedLast: records[0].id },
    leftovers,
    marked: new Set(
      files.filter(({ id, suffix }) => suffix === removalSuffix && whole.has(id))
        .map(({ id }) => id),
    ),
  };
}
