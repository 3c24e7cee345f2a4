import { SlipwayError } from "../core/errors.ts";
import type { PostgresBackupDetails } from "./details.ts";
import { type SqlSession } from "./sql_session.ts";
import { readableTables, type TableRef } from "./tables.ts";

/** What is known of a database at its snapshot. */
export type DatabaseFacts = Pick<
  PostgresBackupDetails,
  | "encoding"
  | "collate"
  | "ctype"
  | "localeProvider"
  | "owner"
  | "sizeBytes"
  | "extensions"
  | "largeObjects"
  | "snapshotAt"
>;

/** A moment of a database that stays visible as long as its session is open. */
export interface DatabaseSnapshot {
  /** What pg_dump takes as `--snapshot`. */
  id: string;
  /** What is known of the database. */
  facts: DatabaseFacts;
  /** Its tables with rows of their own, which nobody can drop, truncate or alter until the session ends. */
  tables: readonly TableRef[];
}

/** How a snapshot is taken. */
export interface SnapshotOptions {
  /** How long it waits for a lock that somebody else holds, in milliseconds. */
  lockTimeoutMs: number;
  /** The server is a standby, which cannot read unlogged tables. @default false */
  standby?: boolean;
}

/** Tables that one statement names. */
const batch = 200;

/**
 * Begin a transaction that sees one moment of the database, and hold its tables as they are.
 *
 * @throws {PostgresError} when a table is locked for too long
 * @throws {SlipwayError} when the role may not read all tables, naming them and what gives the right
 */
export async function takeSnapshot(
  session: SqlSession,
  { lockTimeoutMs, standby = false }: SnapshotOptions,
): Promise<DatabaseSnapshot> {
  // What a role or database may have set of its own would end the session, or hide rows from it.
  await session.query("SET statement_timeout = 0");
  await session.query("SET idle_in_transaction_session_timeout = 0");
  await session.query(`SET lock_timeout = ${lockTimeoutMs}`);
  await session.query("SET row_security = off");
  await session.query("SET search_path = pg_catalog");
  await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const [row] = await session.query("SELECT pg_export_snapshot() AS id");
  const id = row?.["id"];
  if (typeof id !== "string") {
    throw new SlipwayError(`Cannot take a snapshot of ${session.name}: the server gives none`);
  }
  const facts = await readFacts(session);
  const tables = await readableTables(session, { standby });
  for (let at = 0; at < tables.length; at += batch) {
    const names = tables.slice(at, at + batch).map(({ name }) => `ONLY ${name}`);
    await session.query(`LOCK TABLE ${names.join(", ")} IN ACCESS SHARE MODE`);
  }
  return { id, facts, tables };
}

/**
 * Rows of each table of a snapshot, by the table's name.
 *
 * @throws {PostgresError} when the server goes away
 */
export async function countRows(
  session: SqlSession,
  tables: readonly TableRef[],
  onTable: (done: number) => void = () => {},
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < tables.length; at += batch) {
    const some = tables.slice(at, at + batch);
    const sql = some.map(({ name }, index) =>
      `SELECT ${index} AS at, count(*) AS rows FROM ONLY ${name}`
    );
    for (const { at: index, rows } of await session.query(sql.join(" UNION ALL "))) {
      counts[some[Number(index)]!.name] = Number(rows);
    }
    onTable(at + some.length);
  }
  return counts;
}

async function readFacts(session: SqlSession): Promise<DatabaseFacts> {
  const [database] = await session.query(
    "SELECT d.*, pg_encoding_to_char(d.encoding) AS encoding_name, pg_get_userbyid(d.datdba) AS owner, " +
      "pg_database_size(d.oid) AS size, " +
      "to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS now, " +
      "(SELECT count(*) FROM pg_largeobject_metadata) AS large_objects " +
      "FROM pg_database d WHERE d.datname = current_database()",
  );
  const extensions = await session.query(
    "SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema " +
      "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.extname",
  );
  const of = (column: string) => database?.[column] ?? "";
  // The column has another name since PostgreSQL 17, and is not there before 15: all are read, and looked for here.
  const provider = providers[of("datlocprovider")];
  return {
    encoding: of("encoding_name"),
    collate: of("datcollate"),
    ctype: of("datctype"),
    ...provider === undefined ? {} : { localeProvider: provider },
    owner: of("owner"),
    sizeBytes: Number(of("size")),
    extensions: extensions.map(({ name, version, schema }) => ({
      name: name ?? "",
      version: version ?? "",
      schema: schema ?? "",
    })),
    largeObjects: Number(of("large_objects")),
    snapshotAt: of("now"),
  };
}

/** Source: PostgreSQL, pg_database, datlocprovider. */
const providers: Record<string, string> = { b: "builtin", c: "libc", i: "icu" };
