import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, messageOf, UsageError } from "../../core/errors.ts";
import { retry } from "../../core/retry.ts";
import { checkDatabaseName, restoreName, writeMark } from "../../postgres/restore_names.ts";
import { withHold } from "../backup/hold.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { openJobStore } from "../backup/place.ts";
import { fillDatabase } from "./fill.ts";
import { clearUnfinished, dropDatabase, findLeftovers, withRestoreLock } from "./leftovers.ts";
import { maintenance } from "./maintenance.ts";
import { isPartial, type PartRequest } from "./parts.ts";
import { type PostgresPlace, postgresPlaces, type ServerRequest } from "./places.ts";
import { checkServer } from "./restore_checks.ts";
import { chooseDump, type DumpChoice } from "./restore_choice.ts";
import { compareGlobals, makeRoles } from "./restore_roles.ts";
import { bringToPlace, type Naming, namingOf } from "./restore_naming.ts";
import { finishRestore, tellRestore } from "./restore_tell.ts";
import type { StoredDump } from "./stored_dump.ts";

/** Which backup is restored, to which server, and under which name. */
export interface RestorePostgresRequest
  extends Omit<JobRequest, "recipient">, ServerRequest, DumpChoice, PartRequest {
  /** Name that the database gets. @default `<database>_restored_<id>`, or with `replace` its own */
  to?: string;
  /** Take the place of the database of that name. @default false */
  replace?: boolean;
  /** Drop what it took the place of, once it passed its checks. @default false */
  dropOld?: boolean;
  /** Give the database and what is in it their owners and rights. @default true */
  owner?: boolean;
  /** Make roles that the server lacks. @default true */
  roles?: boolean;
  /** Give these the passwords that they had. @default true */
  passwords?: boolean;
  /** SQL that must answer with a row before the database gets its name. */
  query?: string;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** How long clearing up may take when a run was interrupted, in milliseconds. */
const clearUpMs = 60_000;

/**
 * Restore a database from a backup: under a name of its own, where it is compared with the backup's record, and only
 * then under its final one. Whatever fails leaves what was there. A run that was killed leaves what the next one knows
 * and drops.
 */
export async function restorePostgres(
  request: RestorePostgresRequest,
  context: Context,
): Promise<ExitCode> {
  const startedAt = context.now();
  const { platform, job } = await loadJob(request, "backup-postgres", context);
  const place = onePlace(postgresPlaces(request, { platform, job }, context));
  const store = await openJobStore(request, { platform, job, subject: place.subject }, context);
  try {
    const stored = await chooseDump(store, request, place, context);
    const { details, record } = stored;
    await using access = await place.open(context);
    if (access.via === "exec" && isPartial(request)) {
      throw new UsageError("Cannot restore parts of a database with --via exec", {
        remedy: "use --via connection: the list of the parts is a file on this machine",
      });
    }
    const naming = await nameIt(request, stored, startedAt, context);
    await checkServer(access, { id: record.id, details }, context);
    const globals = await compareGlobals(access, stored, {
      roles: request.roles ?? true,
      passwords: request.passwords ?? true,
      database: details.database,
    }, context);
    const leftovers = await maintenance(access, naming.final, async (session) => {
      await naming.check(session);
      return await findLeftovers(session, details.database);
    });
    tellRestore(request, { access, stored, naming, globals, leftovers }, context);
    if (request.dryRun) {
      context.emit({
        type: "summary",
        backup: record.id,
        database: naming.final,
        restored: false,
      });
      return ExitCode.done;
    }
    if (
      naming.replaces && !await context.confirm(
        `Put ${record.id} of ${record.createdAt} in the place of the database ${naming.final} at ${access.name}?`,
        naming.final,
      )
    ) throw new Interrupted("Nothing was changed: its name was not typed");

    // How long somebody thought about it is no part of the time that a restore takes.
    const begunAt = context.now();
    const restore = () =>
      withRestoreLock(
        access,
        { database: details.database, final: naming.final },
        async (check) => {
          // Looked at again: until now another run may have been at work.
          const unfinished = await maintenance(
            access,
            naming.final,
            (session) => findLeftovers(session, details.database),
          );
          await clearUnfinished(access, details.database, unfinished, context);
          await makeRoles(access, globals, { database: details.database }, context);
          try {
            const filled = await fillDatabase(access, stored, {
              ...request,
              name: naming.working,
              mark: writeMark(naming.mark("restoring")),
              owner: request.owner ?? true,
              tablespaces: globals.tablespaces.length === 0,
            }, context);
            await check();
            await bringToPlace(access, naming, filled, context);
            return filled;
          } catch (error) {
            await clearUp(place, naming.working, context);
            throw error;
          }
        },
      );
    const hold = { task: "restore-postgres" };
    const filled = await withHold(store, stored.source, record.id, hold, context, restore);
    await finishRestore(request, { access, stored, naming, filled, begunAt }, context);
    return ExitCode.done;
  } finally {
    store.close?.();
  }
}

function onePlace(places: readonly PostgresPlace[]): PostgresPlace {
  const [place] = places;
  if (places.length === 1 && place !== undefined) return place;
  throw new UsageError(
    `Cannot tell to which server to restore: ${places.map(({ subject }) => subject).join(", ")}`,
    { remedy: "name one with --server" },
  );
}

async function nameIt(
  request: RestorePostgresRequest,
  { details, record }: StoredDump,
  startedAt: Temporal.Instant,
  { random }: Context,
): Promise<Naming> {
  const { replace = false } = request;
  if (replace && isPartial(request)) {
    throw new UsageError("Cannot put parts of a database in the place of the whole", {
      remedy: "restore them to a database of their own, and copy from there",
    });
  }
  if (request.dropOld && !replace) {
    throw new UsageError("Cannot use --drop-old without --replace");
  }
  const final = request.to ??
    (replace ? details.database : await restoreName(details.database, "restored", record.id));
  checkDatabaseName(final);
  return await namingOf({ final, replace, details, record, startedAt, random });
}

/** Also when the run was interrupted, or its connections broke. */
async function clearUp(place: PostgresPlace, working: string, context: Context): Promise<void> {
  const signal = AbortSignal.timeout(clearUpMs);
  try {
    // A server that ended under the restore is mostly just starting again.
    await retry(async () => {
      await using access = await place.open({ ...context, signal });
      await dropDatabase(access, working, working);
    }, { firstDelayMs: 500, signal });
  } catch (error) {
    context.emit({
      type: "note",
      level: "warning",
      message: `the unfinished database ${working} could not be dropped: ${messageOf(error)}`,
      remedy: "the next restore drops it",
    });
  }
}
