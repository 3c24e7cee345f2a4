import { backupId, fileName } from "../../backup/names.ts";
import { type BackupRecord, objectOf } from "../../backup/record.ts";
import { compareTables, listDatabases, listTables } from "../../clickhouse/content.ts";
import { type ClickHouseBackupDetails, readClickHouseDetails } from "../../clickhouse/details.ts";
import { runOperation } from "../../clickhouse/operation.ts";
import { identifier, restoreStatement } from "../../clickhouse/statements.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import { type ChoiceRequest, chooseToRestore } from "../backup/choose.ts";
import { withHold } from "../backup/hold.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import { listBackups } from "../backup/list.ts";
import { checkStored, readObject } from "../backup/objects.ts";
import { backupStorePlace, openBackupStore } from "../backup/place.ts";
import { clickHouseSource, clickHouseSuffixes } from "./backup.ts";
import { type DestinationRequest, destinations } from "./destination.ts";
import { type ClickHousePlace, type ClickHouseRequest, openClickHouse } from "./place.ts";

/** What is restored, and into what. */
export interface RestoreClickHouseRequest
  extends JobRequest, ClickHouseRequest, DestinationRequest, ChoiceRequest {
  /** The database, as it was called when it was backed up. */
  database: string;
  /** Name that it gets. @default its own and the backup's id */
  to?: string;
  /** Set aside what is there, and restore in its place. @default false */
  replace?: boolean;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/**
 * Restore a database by ClickHouse's own RESTORE, and compare its tables with the backup's record. It comes back under a
 * new name; what is replaced is renamed before, and gets its name back when the restore fails.
 *
 * @throws {UsageError} when it is not clear what is meant, or what is there would be lost
 */
export async function restoreClickHouse(
  request: RestoreClickHouseRequest,
  context: Context,
): Promise<ExitCode> {
  const { signal, emit } = context;
  const { database, replace = false } = request;
  const { platform, job } = await loadJob(request, "backup-clickhouse", context);
  using place = await openClickHouse(request, { platform, job }, context);
  const wanted = { ...request, ...job.store === undefined ? {} : { store: job.store } };
  const of = { platform, subject: `externalServices/${place.name}` };
  const destination = await destinations(backupStorePlace(wanted, of), request, context);
  const store = await openBackupStore(wanted, of, context);
  const source = clickHouseSource(platform, place.name, database);
  const listing = await listBackups(store, source, context);
  const { record, identities } = await chooseToRestore(store, listing, request, context);
  const details = readClickHouseDetails(record);

  const to = request.to ?? (replace ? database : `${database}_restored_${record.id}`);
  const there = (await listDatabases(place.server, signal)).find(({ name }) => name === to);
  if (there !== undefined) checkReplaceable(there, replace, place);
  if (request.dryRun) {
    const over = there === undefined ? "" : ", in place of what is there";
    emit({
      type: "note",
      level: "info",
      message:
        `would restore ${record.id} of ${record.createdAt} as ${to} into ${place.label}${over}`,
    });
    return ExitCode.done;
  }
  const archive = objectOf(record, clickHouseSuffixes.archive);
  const sealed = record.objects.find(({ suffix }) => suffix === clickHouseSuffixes.password);
  const restore = async () => {
    const password = await step(
      context,
      `Read and check ${record.id}`,
      async () => {
        await checkStored(store, source, record, archive, context);
        if (sealed === undefined) return undefined;
        const bytes = await readObject(store, source, record, sealed, { identities, signal });
        const text = new TextDecoder().decode(bytes);
        context.redactor.add(text);
        return text;
      },
      () => `${formatBytes(archive.stored.sizeBytes)}, its sums agree`,
    );
    if (
      there !== undefined &&
      !await context.confirm(`Replace the database ${to} of ${place.label}?`, to)
    ) {
      throw new Interrupted("Nothing was changed: the answer was no");
    }
    const startedAt = context.now();
    const id = backupId(startedAt, context.random);
    const statement = restoreStatement({
      database,
      as: to,
      destination: destination(
        fileName(source, { id: record.id, suffix: clickHouseSuffixes.archive }),
      ),
      id,
      ...password === undefined ? {} : { password },
    });
    const aside = there === undefined ? undefined : `${to}_before_${id}`;
    await withSetAside(place, { to, aside }, context, async () => {
      await step(
        context,
        `Restore ${to}`,
        (progress) =>
          runOperation(place.server, statement, {
            id,
            signal,
            onProgress: ({ files }) => progress(`${files} files, by ClickHouse`),
          }),
        ({ files }) => `${files} files`,
      );
      await compare(place, { to, record, details }, context);
    });
    const durationMs = elapsedMs(startedAt, context);
    await keepVerification(store, source, {
      id: record.id,
      verifiedAt: context.now().toString(),
      durationMs,
      target: `${to} of ClickHouse ${place.label}`,
      proof: "restored by ClickHouse, and the rows of its tables counted",
    }, context);
    const kept = aside === undefined ? "" : `; what was there before is ${aside}`;
    emit({
      type: "note",
      level: "info",
      message: `${to} is restored from ${record.id} in ${formatDuration(durationMs)}${kept}`,
      ...aside === undefined ? {} : {
        remedy: `when nobody needs it any more: DROP DATABASE ${identifier(aside)}`,
      },
    });
    emit({
      type: "summary",
      backup: record.id,
      database: to,
      ...aside === undefined ? {} : { before: aside },
      durationMs,
    });
    return ExitCode.done;
  };
  const hold = { task: "restore-clickhouse" };
  return await withHold(store, source, record.id, hold, context, restore);
}

/** Names of tables stand in views with their database, so a database is restored under the name that it is to have. */
function checkReplaceable(
  { name, engine }: { name: string; engine: string },
  replace: boolean,
  { label }: ClickHousePlace,
): void {
  if (!replace) {
    throw new UsageError(`Refused to restore into the database ${name} of ${label}: it is there`, {
      remedy: "name another one with --to, or restore in its place with --replace",
    });
  }
  if (engine !== "Atomic") {
    throw new UsageError(
      `Cannot set aside the database ${name} of ${label}: its engine is ${engine}, and only Atomic ones can be renamed`,
      { remedy: "restore it under a new name with --to, and move its tables over by hand" },
    );
  }
}

async function compare(
  { server }: ClickHousePlace,
  { to, record, details }: { to: string; record: BackupRecord; details: ClickHouseBackupDetails },
  { signal, emit }: Pick<Context, "signal" | "emit">,
): Promise<void> {
  const { wrong, remarkable } = compareTables(await listTables(server, to, signal), details.tables);
  for (const message of remarkable) emit({ type: "note", level: "warning", message });
  if (wrong.length === 0) return;
  throw new SlipwayError(
    `${to} is not what ${record.id} has: ${wrong.slice(0, 3).join(", ")}${
      wrong.length > 3 ? ` and ${wrong.length - 3} more` : ""
    }`,
    { remedy: "see whether others write to it; else restore again, or use another backup" },
  );
}

/** Do the restore with what is there under another name. Where it fails, what came goes, and what was there comes back. */
async function withSetAside(
  { server }: ClickHousePlace,
  { to, aside }: { to: string; aside: string | undefined },
  { signal, emit }: Pick<Context, "signal" | "emit">,
  restore: () => Promise<void>,
): Promise<void> {
  const rename = (from: string, as: string) =>
    server.query(`RENAME DATABASE ${identifier(from)} TO ${identifier(as)}`, patient());
  signal.throwIfAborted();
  if (aside !== undefined) {
    try {
      await rename(to, aside);
    } catch (error) {
      // It may have been done although the answer was lost; where it was not, there is nothing to rename.
      await rename(aside, to).catch(() => {});
      throw error;
    }
  }
  try {
    await restore();
  } catch (error) {
    try {
      await server.query(`DROP DATABASE IF EXISTS ${identifier(to)} SYNC`, patient());
      if (aside !== undefined) await rename(aside, to);
    } catch (second) {
      const back = aside === undefined
        ? ""
        : `, then RENAME DATABASE ${identifier(aside)} TO ${identifier(to)}`;
      emit({
        type: "note",
        level: "warning",
        message: `what was restored until then is still there: ${messageOf(second)}`,
        remedy: `DROP DATABASE IF EXISTS ${identifier(to)} SYNC${back}`,
      });
    }
    throw error;
  }
}

/** What is renamed is put back also where the run was interrupted, and not for ever where the server is away. */
function patient(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(60_000) };
}
