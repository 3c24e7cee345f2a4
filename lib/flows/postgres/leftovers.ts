import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { readMark, type RestoreMark, restoreName } from "../../postgres/restore_names.ts";
import { quotedName, quotedText, type SqlSession } from "../../postgres/sql_session.ts";
import { inDatabase, maintenance } from "./maintenance.ts";

/** What a run that was killed left on a server. */
export interface Leftovers {
  /** Databases that were never finished. */
  unfinished: string[];
  /** Databases that were put aside for others, with what is known of them. */
  aside: { name: string; mark: RestoreMark }[];
}

/**
 * Do `work` while no other restore of this database runs on the server. `check` fails when that cannot be told any more.
 *
 * @throws {SlipwayError} when another one does
 */
export async function withRestoreLock<T>(
  access: PostgresAccess,
  { database, final }: { database: string; final: string },
  work: (check: () => Promise<void>) => Promise<T>,
): Promise<T> {
  // Locks belong to a database, so all runs must come to the same one, but for one that is itself renamed.
  const place = [database, final].includes("postgres") ? "template1" : "postgres";
  return await inDatabase(access, place, async (session) => {
    const key = `hashtextextended(${quotedText(`slipway restore ${database}`)}, 0)`;
    const [row] = await session.query(`SELECT pg_try_advisory_lock(${key}) AS taken`);
    if (row?.["taken"] !== "t") throw anotherRuns(database, access);
    // One that had to lock in the other database is seen here all the same. Source: PostgreSQL, "pg_locks".
    const others = await session.query(
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted " +
        "AND pid <> pg_backend_pid() " +
        `AND classid::bigint = (${key} >> 32) & 4294967295 AND objid::bigint = ${key} & 4294967295`,
    );
    if (others.length > 0) throw anotherRuns(database, access);
    return await work(async () => {
      await session.query("SELECT 1");
    });
  });
}

function anotherRuns(database: string, { name }: PostgresAccess): SlipwayError {
  return new SlipwayError(
    `Cannot restore the database ${database} to ${name}: another restore of it runs there`,
    { remedy: "wait for its end; pg_stat_activity shows it as slipway", retryable: true },
  );
}

/** Find what earlier restores of a database left on the server. */
export async function findLeftovers(session: SqlSession, database: string): Promise<Leftovers> {
  const prefix = await restoreName(database, "restoring", "");
  const rows = await session.query(
    "SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database",
  );
  const found: Leftovers = { unfinished: [], aside: [] };
  for (const { name, comment } of rows) {
    const mark = readMark(comment ?? null);
    // Whoever is killed between making a database and marking it leaves one that has only its name.
    const young = comment === null && name!.startsWith(prefix) &&
      /^\d{8}t\d{6}z_[0-9a-f]{6}$/.test(name!.slice(prefix.length));
    if (young || mark?.state === "restoring" && mark.source === database) {
      found.unfinished.push(name!);
    } else if (mark?.state === "before" && mark.database === database) {
      found.aside.push({ name: name!, mark });
    }
  }
  return found;
}

/** Drop databases that restores left unfinished, and tell of them. */
export async function clearUnfinished(
  access: PostgresAccess,
  database: string,
  { unfinished }: Leftovers,
  { emit }: Pick<Context, "emit">,
): Promise<void> {
  for (const name of unfinished) {
    await dropDatabase(access, name, database);
    emit({
      type: "note",
      level: "warning",
      message: `dropped ${name}, which an earlier restore left unfinished`,
    });
  }
}

/** Drop a database, whoever is in it. */
export async function dropDatabase(
  access: PostgresAccess,
  name: string,
  database: string,
): Promise<void> {
  const force = access.server.major >= 13 ? " WITH (FORCE)" : "";
  await maintenance(access, database, async (session) => {
    if (force === "") await endSessions(session, name);
    await session.query(`DROP DATABASE IF EXISTS ${quotedName(name)}${force}`);
  });
}

/** End all sessions in a database but this one. */
export async function endSessions(session: SqlSession, database: string): Promise<void> {
  await session.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity " +
      `WHERE datname = ${quotedText(database)} AND pid <> pg_backend_pid()`,
  );
}
