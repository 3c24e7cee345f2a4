import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { counted } from "../../core/units.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { compareCounts, describeDifference, totalRows } from "../../postgres/compare.ts";
import type { PostgresBackupDetails } from "../../postgres/details.ts";
import { PostgresError } from "../../postgres/errors.ts";
import { countRows } from "../../postgres/snapshot.ts";
import { quotedName, type SqlSession } from "../../postgres/sql_session.ts";
import { readableTables } from "../../postgres/tables.ts";
import { inDatabase } from "./maintenance.ts";

/** What a database is to be shown to have. */
export interface ProofOptions {
  /** Its name. */
  name: string;
  /** What is known of the one that was backed up. */
  details: PostgresBackupDetails;
  /** Tables that were restored with their rows. @default all */
  tables?: readonly string[];
  /** SQL that must answer with a row. */
  query?: string;
}

/** How many differences a message names. */
const shown = 5;

/**
 * Show that a database has what was backed up: as many rows in each table, as many large objects, indexes and
 * constraints that hold, and an answer to the user's own query. Returns what was looked at, each in one line.
 *
 * @throws {SlipwayError} when something differs
 */
export async function proveDatabase(
  access: PostgresAccess,
  options: ProofOptions,
  context: Context,
): Promise<string[]> {
  const { name, query } = options;
  return await step(
    context,
    `Compare ${name} with the backup`,
    (progress) =>
      inDatabase(access, name, async (session) => {
        const checks = [await sameRows(session, options, progress, context)];
        if (options.tables === undefined) {
          checks.push(await sameLargeObjects(session, options.details));
        }
        checks.push(...await wholeConstraints(session, context));
        if (query !== undefined) checks.push(await answers(session, query));
        return checks;
      }),
    (checks) => checks.join(", "),
  );
}

async function sameRows(
  session: SqlSession,
  { details, tables: only, name }: ProofOptions,
  progress: (detail: string, done: number, total: number) => void,
  { signal }: Context,
): Promise<string> {
  // A role of the backup may hide rows by policies from whoever is not above them.
  await session.query("SET row_security = off");
  const tables = await readableTables(session, { standby: false });
  const found = await countRows(session, tables, (done) => {
    signal.throwIfAborted();
    progress(`${done} of ${tables.length} tables`, done, tables.length);
  });
  // Of tables that were left out, only the definition is there.
  const wanted = only === undefined ? details.tables : Object.fromEntries(
    Object.keys({ ...found, ...details.tables })
      .map((table) => [table, only.includes(table) ? details.tables[table] ?? 0 : 0]),
  );
  const differences = compareCounts(wanted, found);
  if (differences.length === 0) {
    const count = only?.length ?? Object.keys(details.tables).length;
    return `${counted(totalRows(found), "row")} in ${
      counted(count, "table")
    } as when it was backed up`;
  }
  const rest = differences.length - shown;
  throw new SlipwayError(
    `Refused ${name}: it has other rows than the backup's record says: ${
      differences.slice(0, shown).map(describeDifference).join("; ")
    }${rest > 0 ? `; and ${rest} more` : ""}`,
    { remedy: "use another backup, and tell whoever looks after this one" },
  );
}

async function sameLargeObjects(
  session: SqlSession,
  { largeObjects }: PostgresBackupDetails,
): Promise<string> {
  const [row] = await session.query("SELECT count(*) AS count FROM pg_largeobject_metadata");
  const found = Number(row?.["count"]);
  if (found === largeObjects) return counted(found, "large object");
  throw new SlipwayError(
    `Refused ${session.name}: it has ${found} large objects, wanted ${largeObjects}`,
    { remedy: "use another backup" },
  );
}

/** A restore checks each constraint when it makes it; those that nobody has checked are checked now. */
async function wholeConstraints(session: SqlSession, { emit }: Context): Promise<string[]> {
  const broken = await session.query(
    "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid " +
      // An index of a partitioned table is valid only once each partition has its own.
      "AND NOT EXISTS (SELECT FROM pg_class WHERE oid = indrelid AND relkind = 'p')",
  );
  if (broken.length > 0) {
    throw new SlipwayError(
      `Refused ${session.name}: not valid: ${broken.map(({ name }) => name).join(", ")}`,
      { remedy: "use another backup" },
    );
  }
  const unchecked = await session.query(
    "SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint " +
      "WHERE NOT convalidated AND conrelid <> 0 ORDER BY 1, 2",
  );
  const failed: string[] = [];
  for (const { table, name } of unchecked) {
    await session.query("BEGIN");
    try {
      await session.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quotedName(name!)}`);
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      failed.push(`${name} of ${table}`);
    }
    // It stays as it was backed up.
    await session.query("ROLLBACK");
  }
  if (failed.length > 0) {
    emit({
      type: "note",
      level: "info",
      message: `rows do not fit constraints that nobody had checked (NOT VALID): ${
        failed.join(", ")
      }`,
    });
  }
  const [row] = await session.query(
    "SELECT count(*) AS count FROM pg_constraint WHERE convalidated AND conrelid <> 0 AND oid >= 16384",
  );
  const count = Number(row?.["count"]);
  return [count === 1 ? "1 constraint holds" : `${count} constraints hold`];
}

async function answers(session: SqlSession, query: string): Promise<string> {
  let rows: Awaited<ReturnType<SqlSession["query"]>> | undefined;
  await session.query("BEGIN READ ONLY");
  try {
    rows = await session.query(query);
  } catch (error) {
    if (!(error instanceof PostgresError) || !error.sqlState?.startsWith("42")) throw error;
    // Class 42: a syntax error, or something that is not there. Source: PostgreSQL, "PostgreSQL Error Codes".
    throw new SlipwayError(`Cannot ask ${session.name} what must hold: ${messageOf(error)}`, {
      remedy: "correct the query; it runs in each database that is restored",
      cause: error,
    });
  } finally {
    await session.query("ROLLBACK");
  }
  const [first] = rows ?? [];
  const refused = first === undefined
    ? "it gives no row"
    : rows?.length === 1 && Object.values(first).length === 1 && Object.values(first)[0] === "f"
    ? "it says false"
    : undefined;
  if (refused === undefined) return "the query answers";
  throw new SlipwayError(`Refused ${session.name}: the query does not hold: ${refused}`, {
    remedy: "see with that query what is wrong with the data, or correct the query",
  });
}
