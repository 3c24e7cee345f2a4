import { readLeaseName } from "../../backup/lease_file.ts";
import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import { fileName, folderOf, readFileName, recordSuffix } from "../../backup/names.ts";
import type { BackupSource } from "../../backup/names.ts";
import { type BackupRecord, readRecord } from "../../backup/record.ts";
import { removalSuffix } from "../../backup/removal.ts";
import { readVerification, verificationSuffix } from "../../backup/verification.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { StoreError } from "../../store/errors.ts";
import type { Store, StoredObject } from "../../store/store.ts";

/** How many records are read at once. */
const parallel = 8;

/**
 * Look at all that a store has of one source. Of backups, records are read, and objects only looked at: whether they
 * are there and as large as they were written.
 *
 * @throws {StoreError} when the store cannot be read
 */
export async function listBackups(
  store: Store,
  source: BackupSource,
  { signal }: Pick<Context, "signal">,
): Promise<BackupListing> {
  const listing: BackupListing = {
    source,
    backups: [],
    damaged: [],
    unfinished: [],
    removing: [],
    foreign: [],
  };
  const folder = folderOf(source);
  const objects = await store.list(folder, { signal });
  const byName = new Map(objects.map((object) => [object.name, object]));
  const ids = new Set<string>();
  const rest: { name: string; id: string; suffix: string }[] = [];
  for (const { name } of objects) {
    // Folders are those of the source's items.
    if (name.includes("/", folder.length)) continue;
    if (readLeaseName(source, name) !== undefined) continue;
    const file = readFileName(source, name);
    if (file === undefined) listing.foreign.push(name);
    else if (file.suffix === recordSuffix) ids.add(file.id);
    else rest.push({ name, ...file });
  }
  const removing = new Set(
    rest.filter(({ id, suffix }) => suffix === removalSuffix && !ids.has(id)).map(({ id }) => id),
  );
  listing.removing.push(...removing);
  for (const { name, id } of rest) {
    if (!ids.has(id) && !removing.has(id)) listing.unfinished.push(name);
  }

  const newestFirst = [...ids].toSorted().toReversed();
  const found = await mapConcurrently(newestFirst, parallel, async (id) => {
    try {
      return { id, backup: await readBackup(store, source, id, { byName, signal }) };
    } catch (error) {
      // A store that does not answer says nothing about a backup.
      if (!(error instanceof SlipwayError) || error instanceof StoreError) throw error;
      return { id, because: messageOf(error) };
    }
  });
  for (const { id, backup, because } of found) {
    if (backup !== undefined) listing.backups.push(backup);
    else listing.damaged.push({ id, because: because ?? "" });
  }
  // Ids tell seconds, and two backups may begin within one.
  const begun = ({ record }: ListedBackup) => Temporal.Instant.from(record.createdAt);
  listing.backups.sort((a, b) => Temporal.Instant.compare(begun(b), begun(a)));
  return listing;
}

async function readBackup(
  store: Store,
  source: BackupSource,
  id: string,
  { byName, signal }: { byName: ReadonlyMap<string, StoredObject>; signal: AbortSignal },
): Promise<ListedBackup> {
  const name = fileName(source, { id, suffix: recordSuffix });
  const text = await textOf(store, name, signal);
  if (text === undefined) throw new SlipwayError("its record was removed just now");
  const record = readRecord(text, name);
  checkPlace(record, source, id);
  for (const { suffix, stored } of record.objects) {
    const object = byName.get(fileName(source, { id, suffix }));
    if (object === undefined) throw new SlipwayError(`its object ${id}.${suffix} is not there`);
    if (object.sizeBytes !== stored.sizeBytes) {
      throw new SlipwayError(
        `its object ${id}.${suffix} has ${object.sizeBytes} bytes, wanted ${stored.sizeBytes}`,
      );
    }
  }
  const side = fileName(source, { id, suffix: verificationSuffix });
  const verified = byName.has(side) ? await textOf(store, side, signal) : undefined;
  const verification = verified === undefined ? undefined : readVerification(verified);
  return { record, ...verification === undefined ? {} : { verification } };
}

/** A record that was copied to another place would have one database restored over another. */
function checkPlace(record: BackupRecord, source: BackupSource, id: string): void {
  const [found, wanted] = [{ ...record }, { ...source, id }];
  for (const field of ["kind", "scope", "name", "item", "id"] as const) {
    if (found[field] === wanted[field]) continue;
    throw new SlipwayError(
      `its record is in the wrong place: its ${field} is ${quoted(found[field])}, wanted ${
        quoted(wanted[field])
      }`,
    );
  }
}

function quoted(text: string | undefined): string {
  return text === undefined ? "absent" : `"${text}"`;
}

async function textOf(
  store: Store,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const bytes = await store.get(name, { signal });
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
