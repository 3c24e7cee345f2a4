import { nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, SlipwayError, UsageError } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatDuration } from "../../core/units.ts";
import { compareContent, contentOf, type MongodbContent } from "../../mongodb/compare.ts";
import { checkDatabaseName, restoredName } from "../../mongodb/database_name.ts";
import { type MongodbBackupDetails, readMongodbDetails } from "../../mongodb/details.ts";
import { type ChoiceRequest, chooseToRestore, type ChosenBackup } from "../backup/choose.ts";
import { withHold } from "../backup/hold.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import { listBackups } from "../backup/list.ts";
import { openJobStore, recipientsOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import { contentOfServer, mongodbItem, mongodbSource } from "./backup.ts";
import { listCollections } from "./dump.ts";
import { type MongodbRequest, openMongodb } from "./place.ts";
import type { MongodbPlace } from "./reached.ts";
import { feedRestore } from "./restore_feed.ts";

/** What is restored, and into what. */
export interface RestoreMongodbRequest extends JobRequest, MongodbRequest, ChoiceRequest {
  /** A database. @default all of the server */
  database?: string;
  /** Name that the database gets. @default its own and the backup's id */
  to?: string;
  /** Restore over what is there, after a backup of that. @default false */
  replace?: boolean;
  /** Whether what is replaced is backed up before. @default true */
  safetyBackup?: boolean;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** What is restored, once it is chosen. */
interface Chosen extends ChosenBackup {
  place: MongodbPlace;
  details: MongodbBackupDetails;
  /** One database and the name that it gets; all of the server when absent. */
  database?: { from: string; to: string };
}

/**
 * Restore a database, or all of a server, by mongorestore, and compare what is there then with the backup's record. A
 * database comes back under a new name. What is replaced is backed up first.
 *
 * @throws {UsageError} when it is not clear what is meant, or what is there would be lost
 */
export async function restoreMongodb(
  request: RestoreMongodbRequest,
  context: Context,
): Promise<ExitCode> {
  const { emit, signal } = context;
  const { platform, job } = await loadJob(request, "backup-mongodb", context);
  await using place = await openMongodb(request, { platform, job }, "restore", context);
  const store = await openJobStore(
    request,
    { platform, job, subject: `mongodb/${place.name}` },
    context,
  );
  const chosen = await choose(request, { place, store, platform }, context);
  const { record, database } = chosen;
  const what = database === undefined
    ? `MongoDB ${place.label}`
    : `database ${database.to} of MongoDB ${place.label}`;
  const there = (await listCollections(place, onlyOf(database), signal))
    .filter((name) => database !== undefined || !/^(admin|config|local)\./.test(name));
  if (there.length > 0 && !request.replace) {
    throw new UsageError(
      `Refused to restore into ${what}: it has ${there.length} collections, such as ${there[0]}`,
      {
        remedy: database === undefined
          ? "restore into a server without data, one database under a new name, or over what is there with --replace"
          : "name another one with --to, or restore over it with --replace",
      },
    );
  }
  if (request.dryRun) {
    const over = there.length === 0 ? "" : `, over ${there.length} collections`;
    emit({
      type: "note",
      level: "info",
      message: `would restore ${record.id} of ${record.createdAt} into ${what}${over}`,
    });
    return ExitCode.done;
  }
  if (there.length > 0) {
    const question = `Replace ${there.length} collections of ${what} by ${record.id}?`;
    if (!await context.confirm(question, database?.to ?? place.name)) {
      throw new Interrupted("Nothing was changed: the answer was no");
    }
    if (request.safetyBackup !== false) {
      const recipients = recipientsOf(request, platform, { mayBePlain: true });
      const item = mongodbItem(place, platform, {
        encrypted: recipients.length > 0,
        ...database === undefined ? { oplog: place.replicated } : { database: database.to },
      });
      await runBackups({ task: "restore-mongodb", items: [item], store, recipients }, context);
    }
  }
  const hold = { task: "restore-mongodb" };
  await withHold(
    store,
    chosen.source,
    record.id,
    hold,
    context,
    () => restoreAndCompare(chosen, { drop: there.length > 0, what }, context),
  );
  return ExitCode.done;
}

async function restoreAndCompare(
  { place, store, source, record, identities, details, database }: Chosen,
  { drop, what }: { drop: boolean; what: string },
  context: Context,
): Promise<void> {
  const { emit, signal } = context;
  const startedAt = context.now();
  const { oplogEntries = 0 } = details;
  const replay = database === undefined && details.oplogEntries !== undefined;
  if (!replay && oplogEntries > 0) {
    emit({
      type: "note",
      level: "warning",
      message:
        `${oplogEntries} changes that were made during the dump stay out: mongorestore can only bring them into all of a server, so collections may be of moments that are some apart`,
    });
  }
  const restored = await step(
    context,
    `Restore ${what}`,
    () =>
      feedRestore(
        place,
        { store, source, record, identities },
        { drop, oplog: replay, ...database === undefined ? {} : { database } },
        context,
      ),
    (count) => `${count} documents from ${record.id}`,
  );
  const wanted: MongodbContent = database === undefined ? details : contentOf(details, database);
  const { wrong, extra } = await step(
    context,
    `Compare ${what} with the record`,
    async () => compareContent(await contentOfServer(place, onlyOf(database), signal), wanted),
    (found) => found.wrong.length === 0 ? "all documents are there" : undefined,
  );
  // What was changed while the dump was taken is in it too, so the counts need not be those of the first reading.
  const changed = replay && oplogEntries > 0;
  if (wrong.length > 0 && !changed) {
    throw new SlipwayError(
      `${what} is not what ${record.id} has: ${wrong.slice(0, 3).join(", ")}${
        wrong.length > 3 ? ` and ${wrong.length - 3} more` : ""
      }`,
      { remedy: "see whether others write to it; else restore again, or use another backup" },
    );
  }
  for (const message of [...changed ? wrong : [], ...extra.map((name) => `${name} is not of it`)]) {
    emit({ type: "note", level: "warning", message: `besides ${record.id}: ${message}` });
  }
  const durationMs = elapsedMs(startedAt, context);
  // A backup of all is not proved by one database of it.
  if (database === undefined || details.database !== undefined) {
    await keepVerification(store, source, {
      id: record.id,
      verifiedAt: context.now().toString(),
      durationMs,
      target: what,
      proof: changed && wrong.length > 0
        ? "restored with what changed during the dump, so that the counts need not agree"
        : "restored, and all documents counted",
    }, context);
  }
  emit({
    type: "note",
    level: "info",
    message: `${what} is restored from ${record.id} in ${formatDuration(durationMs)}`,
  });
  emit({
    type: "summary",
    backup: record.id,
    ...database === undefined ? {} : { database: database.to },
    documents: restored,
    durationMs,
  });
}

async function choose(
  request: RestoreMongodbRequest,
  { place, store, platform }: Pick<Chosen, "place" | "store"> & {
    platform: Parameters<typeof mongodbSource>[0];
  },
  context: Context,
): Promise<Chosen> {
  const { database, to } = request;
  const whole = mongodbSource(platform, place.name);
  const own = mongodbSource(platform, place.name, database);
  let listing = await listBackups(store, own, context);
  // A database that has no backups of its own may be in one of all of the server.
  if (database !== undefined && listing.backups.length + listing.damaged.length === 0) {
    const other = await listBackups(store, whole, context);
    if (other.backups.length > 0) listing = other;
  }
  const chosen = await chooseToRestore(store, listing, request, context);
  const { record } = chosen;
  const details = readMongodbDetails(record);
  const all = { ...chosen, place, details };
  if (database === undefined) {
    if (to === undefined) return all;
    throw new UsageError("Cannot restore all of a server under another name", {
      remedy: "name the database that is to be restored, before --to",
    });
  }
  const names = new Set(
    [...Object.keys(details.collections), ...details.views].map((name) => name.split(".")[0]!),
  );
  if (!names.has(database)) {
    throw new UsageError(
      `Cannot restore the database ${database}: ${record.id} of ${
        nameOfSource(listing.source)
      } has ${[...names].join(", ")}`,
    );
  }
  const target = to ?? (request.replace ? database : restoredName(database, record.id));
  checkDatabaseName(target);
  return { ...all, database: { from: database, to: target } };
}

function onlyOf(database: Chosen["database"]): { database?: string } {
  return database === undefined ? {} : { database: database.to };
}
