import type { BackupListing } from "../../backup/listing.ts";
import { fileName, folderOf, readFileName, recordSuffix } from "../../backup/names.ts";
import { readRemoval, removalSuffix } from "../../backup/removal.ts";
import type { Context } from "../../core/context.ts";
import type { Store } from "../../store/store.ts";
import { heldBy, isHold } from "./hold.ts";

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
  /** Backups that must stay whatever the policy says, each with the reason. */
  held: Map<string, string>;
  /** Removals that an earlier run did not finish. */
  leftovers: Leftover[];
  /** Ids of whole backups that an earlier run was about to remove: what is to become of them is decided anew. */
  marked: Set<string>;
  /** Names of files by which runs held backups that hold them no more. */
  givenBack: string[];
}

/** What follows the id in the name of the file that says how far a restore has come, which goes when it has ended. */
const restoring = /^restore-[0-9a-f]+\.json$/;

/**
 * Look at the files of one source.
 *
 * @throws {StoreError} when the store cannot be read
 */
export async function lookInto(
  store: Store,
  { source, removing }: Pick<BackupListing, "source" | "removing">,
  context: Pick<Context, "now" | "signal">,
): Promise<FolderLook> {
  const { signal } = context;
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
  const readers = new Map<string, string>();
  const givenBack: string[] = [];
  for (const file of files.filter(isHold)) {
    const reason = await heldBy(store, file, context);
    if (reason === undefined) givenBack.push(file.name);
    else readers.set(file.id, reason);
  }
  return {
    sizes: new Map(files.map(({ id, suffix, sizeBytes }) => [`${id}.${suffix}`, sizeBytes])),
    held: new Map([
      // By the store's clock: those that dated the records are not always right.
      ...records.slice(0, 1).map(({ id }) => [id, "stored last"] as const),
      ...files.filter(({ suffix }) => restoring.test(suffix))
        .map(({ id }) => [id, "a restore of it has not ended"] as const),
      ...readers,
    ]),
    givenBack,
    leftovers,
    marked: new Set(
      files.filter(({ id, suffix }) => suffix === removalSuffix && whole.has(id))
        .map(({ id }) => id),
    ),
  };
}
