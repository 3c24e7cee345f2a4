import type { BackupSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, UsageError } from "../../core/errors.ts";
import type { ArchiveFacts } from "../../mongodb/archive.ts";
import { type MongodbBackupDetails, mongodbDetails } from "../../mongodb/details.ts";
import type { Platform } from "../../platform/types.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { openJobStore, recipientsOf, sourceOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import type { BackupItem } from "../backup/item.ts";
import { tellPlan } from "../backup/tell_plan.ts";
import { withDump } from "./dump.ts";
import { type MongodbRequest, openMongodb } from "./place.ts";
import type { MongodbPlace } from "./reached.ts";

/** What is backed up, and where to. */
export interface BackupMongodbRequest extends JobRequest, MongodbRequest {
  /** Databases, each as a backup of its own. @default the job's, or all of the server in one backup */
  databases?: readonly string[];
  /** With what changes meanwhile. @default where all of a replica set is backed up */
  oplog?: boolean;
  /** How many databases at once. @default 2 */
  parallel?: number;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** Kind of these backups. */
const mongodbKind = "mongodb";

/** What follows the id in the name of an archive, before what says how it is stored. */
const archiveSuffix = "archive.zst";

/**
 * Back up a MongoDB by mongodump: all of it in one archive, with the oplog of its replica set so that all of it is as at
 * one moment, or some databases, each in an archive of its own.
 *
 * @throws {UsageError} when it is not clear what is meant, or options contradict each other
 */
export async function backupMongodb(
  request: BackupMongodbRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform, job } = await loadJob(request, "backup-mongodb", context);
  const recipients = recipientsOf(request, platform, { mayBePlain: true });
  const given = request.databases ?? [];
  const databases = given.length > 0 ? given : job.databases ?? [];
  if (request.oplog === true && databases.length > 0) {
    throw new UsageError("Cannot back up the oplog with single databases: it is of all of them", {
      remedy: "leave out either the databases or --oplog",
    });
  }
  await using place = await openMongodb(request, { platform, job }, "backup", context);
  const subject = `mongodb/${place.name}`;
  const store = await openJobStore(request, { platform, job, subject }, context);
  const oplog = request.oplog ?? (databases.length === 0 && place.replicated);
  const encrypted = recipients.length > 0;
  const items = databases.length === 0
    ? [mongodbItem(place, platform, { oplog, encrypted })]
    : databases.map((database) => mongodbItem(place, platform, { database, encrypted }));
  if (request.dryRun) return tellPlan(items, { recipients, store }, context);
  return await runBackups({
    task: "backup-mongodb",
    job,
    items,
    store,
    recipients,
    parallel: request.parallel ?? 2,
    summary: ({ details }) => ({
      documents: Object.values(details["collections"] as Record<string, number>)
        .reduce((sum, count) => sum + count, 0),
    }),
  }, context);
}

/** What the backups of a MongoDB, or of one of its databases, are of. */
export function mongodbSource(
  platform: Pick<Platform, "name" | "environment"> | undefined,
  name: string,
  database?: string,
): BackupSource {
  return {
    ...sourceOf(platform, mongodbKind, name),
    ...database === undefined ? {} : { item: database },
  };
}

/** One backup of a MongoDB, or of one of its databases. */
export function mongodbItem(
  place: MongodbPlace,
  platform: Platform | undefined,
  { database, oplog = false, encrypted }: {
    database?: string;
    oplog?: boolean;
    encrypted: boolean;
  },
): BackupItem {
  const suffix = encrypted ? `${archiveSuffix}.age` : archiveSuffix;
  const label = database === undefined
    ? `MongoDB ${place.label}`
    : `database ${database} of MongoDB ${place.label}`;
  return {
    source: mongodbSource(platform, place.name, database),
    label,
    async take({ write, signal }) {
      const options = { oplog, ...database === undefined ? {} : { database } };
      const { facts } = await withDump(
        place,
        options,
        signal,
        (archive) => write(suffix, archive, { compression: "zstd" }),
        (facts) => refuseEmpty(facts, label),
      );
      const { via } = place;
      return { details: { ...mongodbDetails(facts, { ...options, via }) } };
    },
  };
}

/**
 * What a MongoDB has now, or one of its databases, in the words of a record.
 *
 * @throws {SlipwayError} when it cannot be dumped
 */
export async function contentOfServer(
  place: MongodbPlace,
  options: { database?: string },
  signal: AbortSignal,
): Promise<MongodbBackupDetails> {
  const { facts } = await withDump(
    place,
    options,
    signal,
    (archive) => archive.pipeTo(new WritableStream()),
  );
  return mongodbDetails(facts, { ...options, via: place.via });
}

/** mongodump takes a name that no database has for an empty one, and ends with 0. */
function refuseEmpty({ collections }: ArchiveFacts, label: string): void {
  if (collections.length > 0) return;
  throw new SlipwayError(`Refused to keep an empty backup of ${label}: it has no collections`, {
    remedy: "see whether the database has that name, and whether the user may read it",
  });
}
