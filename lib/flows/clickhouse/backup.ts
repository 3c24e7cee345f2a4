import type { BackupSource } from "../../backup/names.ts";
import { backedUpTables, listDatabases, listTables } from "../../clickhouse/content.ts";
import type { ClickHouseBackupDetails } from "../../clickhouse/details.ts";
import { runOperation } from "../../clickhouse/operation.ts";
import { backupStatement, type ClickHouseDestination } from "../../clickhouse/statements.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, UsageError } from "../../core/errors.ts";
import { readSetting } from "../../core/setting.ts";
import { formatBytes } from "../../core/units.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { tidyMs } from "../backup/objects.ts";
import { backupStorePlace, openBackupStore, recipientsOf, sourceOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import type { BackupItem, TakeTools } from "../backup/item.ts";
import { tellPlan } from "../backup/tell_plan.ts";
import { type DestinationRequest, destinations } from "./destination.ts";
import { type ClickHousePlace, type ClickHouseRequest, openClickHouse } from "./place.ts";

/** What is backed up, and where to. */
export interface BackupClickHouseRequest extends JobRequest, ClickHouseRequest, DestinationRequest {
  /** Databases. @default the job's, or the one of CLICKHOUSE_DATABASE, or all that have tables */
  databases?: readonly string[];
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** Kind of these backups. */
const clickHouseKind = "clickhouse";

/** What follows the id in the name of the archive that ClickHouse writes, and of the file with its password. */
export const clickHouseSuffixes = { archive: "archive.zip", password: "password.age" } as const;

/**
 * Back up databases of a ClickHouse by its own BACKUP, which writes an archive straight into the store. Where there are
 * recipients, the archive is encrypted under a password of its own, which is stored for them beside it.
 *
 * @throws {UsageError} when it is not clear what is meant
 */
export async function backupClickHouse(
  request: BackupClickHouseRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform, job } = await loadJob(request, "backup-clickhouse", context);
  const recipients = recipientsOf(request, platform, { mayBePlain: true });
  using place = await openClickHouse(request, { platform, job }, context);
  const wanted = { ...request, ...job.store === undefined ? {} : { store: job.store } };
  const of = { platform, subject: `externalServices/${place.name}` };
  const destination = await destinations(backupStorePlace(wanted, of), request, context);
  const store = await openBackupStore(wanted, of, context);
  const databases = await databasesOf(place, request.databases, job.databases, context);
  const items = databases.map(({ name, engine }): BackupItem => ({
    source: clickHouseSource(platform, place.name, name),
    label: `database ${name} of ClickHouse ${place.label}`,
    take: async (tools) => ({
      details: {
        ...await takeDatabase(place, { name, engine }, {
          ...{ tools, store, destination, encrypted: recipients.length > 0 },
        }, context),
      },
    }),
  }));
  if (request.dryRun) return tellPlan(items, { recipients, store }, context);
  return await runBackups({
    task: "backup-clickhouse",
    job,
    items,
    store,
    recipients,
    summary: ({ details }) => ({ files: details["files"] }),
  }, context);
}

/** What the backups of a database of a ClickHouse are of. */
export function clickHouseSource(
  platform: Pick<Platform, "name" | "environment"> | undefined,
  name: string,
  database: string,
): BackupSource {
  return { ...sourceOf(platform, clickHouseKind, name), item: database };
}

async function databasesOf(
  { server, label }: ClickHousePlace,
  given: readonly string[] = [],
  ofJob: readonly string[] = [],
  context: Context,
): Promise<{ name: string; engine: string }[]> {
  const ofEnvironment = await readSetting("CLICKHOUSE_DATABASE", context);
  const named = [given, ofJob, ofEnvironment === undefined ? [] : [ofEnvironment]]
    .find((names) => names.length > 0);
  const all = await listDatabases(server, context.signal);
  if (named !== undefined) {
    return named.map((name) => all.find((each) => each.name === name) ?? { name, engine: "" });
  }
  const found = [];
  for (const database of all) {
    const tables = await listTables(server, database.name, context.signal);
    if (Object.keys(tables).length > 0) found.push(database);
  }
  if (found.length > 0) return found;
  throw new UsageError(
    `There is nothing to back up in ClickHouse ${label}: no database has tables`,
    {
      remedy: "see whether the user may see them: GRANT SHOW ON *.*",
    },
  );
}

interface Taking {
  tools: TakeTools;
  store: Store;
  destination: (name: string) => ClickHouseDestination;
  encrypted: boolean;
}

async function takeDatabase(
  { server, version, label }: ClickHousePlace,
  { name: database, engine: databaseEngine }: { name: string; engine: string },
  { tools, store, destination, encrypted }: Taking,
  context: Pick<Context, "redactor">,
): Promise<ClickHouseBackupDetails> {
  const { id, signal, progress } = tools;
  const before = await listTables(server, database, signal);
  if (Object.keys(before).length === 0) {
    throw new SlipwayError(
      `Refused to keep an empty backup of the database ${database} of ClickHouse ${label}: it has no tables`,
      { remedy: "see whether it has that name, and whether the user may see its tables" },
    );
  }
  const password = encrypted ? newPassword() : undefined;
  if (password !== undefined) context.redactor.add(password);
  const name = tools.nameOf(clickHouseSuffixes.archive);
  const statement = backupStatement({
    database,
    destination: destination(name),
    id,
    ...password === undefined ? {} : { password },
  });
  try {
    const facts = await runOperation(server, statement, {
      id,
      signal,
      onProgress: ({ files, filesBytes }) =>
        progress(`${files} files, ${formatBytes(filesBytes)}, by ClickHouse`),
    });
    const archive = await tools.adopt(clickHouseSuffixes.archive);
    if (archive.stored.sizeBytes !== facts.storedBytes) {
      throw new SlipwayError(
        `The archive of ${database} in ${store.url} has ${archive.stored.sizeBytes} bytes, ClickHouse wrote ${facts.storedBytes}`,
        { remedy: "back up again, and look after the store" },
      );
    }
    if (password !== undefined) {
      await tools.write(clickHouseSuffixes.password, new Blob([password]).stream());
    }
    return {
      database,
      databaseEngine,
      serverVersion: version,
      files: facts.files,
      filesBytes: facts.filesBytes,
      tables: backedUpTables(before, await listTables(server, database, signal)),
    };
  } catch (error) {
    // Keys that may only add refuse this; without a record it is no backup anyway.
    await store.delete(name, { signal: AbortSignal.timeout(tidyMs) }).catch(() => {});
    throw error;
  }
}

/** 256 bits, which nobody guesses however fast zip's derivation of keys is. */
function newPassword(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url" });
}
