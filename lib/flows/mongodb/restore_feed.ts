import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { guardedArchive } from "../../mongodb/archive.ts";
import { mongodbFailure, toolMissing } from "../../mongodb/failure.ts";
import { readRestored, type RestoreOptions, restoreProgram } from "../../mongodb/programs.ts";
import type { Store } from "../../store/store.ts";
import { openPlain } from "../backup/objects.ts";
import type { MongodbPlace } from "./reached.ts";

/** An archive in a store. */
export interface StoredArchive {
  /** The store. */
  store: Store;
  /** What it is of. */
  source: BackupSource;
  /** Its record. */
  record: BackupRecord;
  /** age identities, one of which can decrypt it. */
  identities: readonly string[];
}

/**
 * Have mongorestore read an archive from a store. Its input ends only when the archive's sums and sizes agree with the
 * record, and mongorestore is ended when they do not.
 *
 * @returns how many documents mongorestore restored
 * @throws {SlipwayError} when not all of it was restored; what was until then stays, and the remedy says how to remove it
 */
export async function feedRestore(
  place: MongodbPlace,
  { store, source, record, identities }: StoredArchive,
  options: RestoreOptions,
  { signal, emit }: Pick<Context, "signal" | "emit">,
): Promise<number> {
  const [object] = record.objects;
  const archive = guardedArchive(
    await openPlain(store, source, record, object!, { identities, signal }),
  );
  const program = restoreProgram(place.path, place.target, archive.stream, options);
  try {
    const running = await place.run(program, { signal }).catch((error) => {
      throw toolMissing("mongorestore", error);
    });
    await running.stdout.pipeTo(new WritableStream());
    await running.done;
    const { collections } = archive.facts();
    const wanted = collections.reduce(
      (sum, { database, documents }) =>
        options.database === undefined || options.database.from === database
          ? sum + documents
          : sum,
      0,
    );
    const told = readRestored(running.stderr());
    if (told !== undefined && told.failed > 0) {
      throw new SlipwayError(
        `mongorestore restored ${told.restored} documents of ${wanted}, and ${told.failed} failed`,
      );
    }
    return told?.restored ?? wanted;
  } catch (error) {
    const name = options.database?.to;
    emit({
      type: "note",
      level: "warning",
      message: name === undefined
        ? `the server has what was restored until then, which is not all of ${record.id}`
        : `the database ${name} has what was restored until then, which is not all of ${record.id}`,
      remedy: name === undefined
        ? "run the same command again with --replace when the cause is gone"
        : `remove it when nobody needs it: in mongosh, db.getSiblingDB(${
          JSON.stringify(name)
        }).dropDatabase()`,
    });
    throw mongodbFailure(error);
  }
}
