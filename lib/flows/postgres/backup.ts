import type { BackupSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import type { ExitCode } from "../../core/errors.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { readPostgresDetails } from "../../postgres/details.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { openJobStore, recipientsOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import type { BackupItem } from "../backup/item.ts";
import { tellPlan } from "../backup/tell_plan.ts";
import { type PostgresPlace, postgresPlaces, type ServerRequest } from "./places.ts";
import { takeDatabase } from "./take.ts";
import { type WantedDatabase, wantedDatabases } from "./wanted.ts";

/** Which databases are to be backed up, and where to. */
export interface BackupPostgresRequest extends JobRequest, ServerRequest {
  /** Their names. @default those of the job, else all */
  databases: readonly string[];
  /** How many at once. @default 2 */
  parallel?: number;
  /** How long a lock that somebody else holds is waited for, in milliseconds. @default 60_000 */
  lockTimeout?: number;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** Kind of these backups. */
const postgresKind = "postgres";

/**
 * Back up databases of Postgres servers, each at one moment, with its roles and the rows of its tables. The exit code is
 * 3 when some failed, and the others are safe.
 */
export async function backupPostgres(
  request: BackupPostgresRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform, job } = await loadJob(request, "backup-postgres", context);
  const places = postgresPlaces(request, { platform, job }, context);
  const recipients = recipientsOf(request, platform, { mayBePlain: true });
  const subject = places[0]!.subject;
  const store = await openJobStore(request, { platform, job, subject }, context);
  const named = request.databases.length > 0 ? request.databases : job.databases;
  await using opened = new AsyncDisposableStack();
  opened.defer(() => store.close?.());
  const items: Item[] = [];
  for (const place of places) {
    try {
      const access = opened.use(await place.open(context));
      tellOf(access, recipients, context);
      for (const each of await wantedDatabases(access, named)) {
        items.push(itemOf(place, access, each, { recipients, lockTimeoutMs: request.lockTimeout }));
      }
    } catch (error) {
      context.signal.throwIfAborted();
      // A server that is away is a backup that failed, and whoever waits for it is told like of every other.
      items.push(failing(sourceOfPlace(place), `databases of ${place.name}`, error));
    }
  }
  if (request.dryRun) {
    for (const { because } of items) if (because !== undefined) throw because;
    return tellPlan(items, { recipients, store }, context);
  }
  return await runBackups({
    task: "backup-postgres",
    job,
    items,
    store,
    recipients,
    parallel: request.parallel ?? 2,
    summary: (record) => {
      const { database, tables } = readPostgresDetails(record);
      const rows = Object.values(tables);
      return { database, tables: rows.length, rows: rows.reduce((sum, count) => sum + count, 0) };
    },
  }, context);
}

function sourceOfPlace({ scope, name }: PostgresPlace): BackupSource {
  return { kind: postgresKind, scope, name };
}

/** An item, or one that is known to fail. */
interface Item extends BackupItem {
  because?: unknown;
}

function itemOf(
  place: PostgresPlace,
  access: PostgresAccess,
  { database, because }: WantedDatabase,
  { recipients, lockTimeoutMs }: {
    recipients: readonly string[];
    lockTimeoutMs: number | undefined;
  },
): Item {
  const source = { ...sourceOfPlace(place), item: database };
  const label = `database ${database} at ${access.name}`;
  if (because !== undefined) return failing(source, label, because);
  const encrypted = recipients.length > 0;
  return {
    source,
    label,
    take: async (tools) => ({
      details: { ...await takeDatabase(access, { database, encrypted, lockTimeoutMs }, tools) },
    }),
  };
}

function failing(source: BackupSource, label: string, because: unknown): Item {
  return { source, label, take: () => Promise.reject(because), because };
}

/** What the reader should know of a server before it is backed up. */
function tellOf(
  { name, server, via, programs }: PostgresAccess,
  recipients: readonly string[],
  { emit }: Pick<Context, "emit">,
): void {
  const how = via === "exec" ? "in its own pod" : `in ${programs.tools.folder}`;
  emit({
    type: "note",
    level: "info",
    message:
      `${name} is PostgreSQL ${server.version}, read by pg_dump ${programs.tools.version} ${how}`,
  });
  if (server.standby) {
    emit({
      type: "note",
      level: "warning",
      message:
        `${name} is a standby: the backup is as old as what it has replayed, and has no rows of unlogged tables`,
    });
  }
  const without = recipients.length === 0
    ? "what is stored in the clear has none in it"
    : server.superuser
    ? undefined
    : "only a superuser can read them";
  if (without !== undefined) {
    emit({
      type: "note",
      level: "info",
      message:
        `roles of ${name} are backed up without the verifiers of their passwords: ${without}`,
    });
  }
}
