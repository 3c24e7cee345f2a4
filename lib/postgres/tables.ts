import { PostgresError } from "./errors.ts";
import { quotedName, type SqlSession } from "./sql_session.ts";

/** A table with rows of its own. */
export interface TableRef {
  /** Schema and table as `format('%I.%I')` writes them. */
  name: string;
  /** Its schema. */
  schema: string;
  /** Its name there. */
  table: string;
}

/** How many are named in a message. */
const shown = 5;

/**
 * Tables whose rows a dump has: those of users, partitions for themselves, not what extensions bring along.
 *
 * @throws {PostgresError} when the role may not read one of them, or a sequence, or sees some of its rows only
 */
export async function readableTables(
  session: SqlSession,
  { standby }: { standby: boolean },
): Promise<TableRef[]> {
  const rows = await session.query(
    "SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind AS kind, n.nspname AS schema, c.relname AS table, " +
      // The right to a schema is asked for first: without it, that to what is in it does not help.
      "has_schema_privilege(n.oid, 'USAGE') AS usable, " +
      "has_table_privilege(c.oid, 'SELECT') AS readable, " +
      "(c.relkind = 'r' AND row_security_active(c.oid)) AS hidden " +
      "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE c.relkind IN ('r', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' " +
      `AND c.relpersistence IN ('p'${standby ? "" : ", 'u'"}) ` +
      "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass " +
      "AND d.objid = c.oid AND d.deptype = 'e') ORDER BY n.nspname, c.relname",
  );
  const [who] = await session.query("SELECT current_user AS role");
  const role = who?.["role"] ?? "";
  const schemas = rows.filter(({ usable }) => usable === "f").map(({ schema }) => schema!);
  const unreadable = rows.filter(({ usable, readable }) => usable === "t" && readable === "f")
    .map(({ name }) => name!);
  const hidden = rows.filter(({ hidden }) => hidden === "t").map(({ name }) => name!);
  if (schemas.length + unreadable.length > 0) {
    const missing = [
      ...new Set(schemas.map((name) => `schema ${quotedName(name)}`)),
      ...unreadable,
    ];
    throw new PostgresError(
      `Cannot read all of ${session.name}: ${role} has no right to ${some(missing)}`,
      {
        problem: "no-permission",
        remedy: `as a superuser: GRANT pg_read_all_data TO ${
          quotedName(role)
        } (PostgreSQL 14 and later), or GRANT USAGE on each schema and SELECT on its tables and sequences`,
      },
    );
  }
  if (hidden.length > 0) {
    throw new PostgresError(
      `Cannot read all of ${session.name}: row security hides rows of ${some(hidden)} from ${role}`,
      {
        problem: "no-permission",
        remedy: `as a superuser: ALTER ROLE ${
          quotedName(role)
        } BYPASSRLS, or back up with the tables' owner or a superuser`,
      },
    );
  }
  return rows.filter(({ kind }) => kind === "r").map(({ name, schema, table }) => ({
    name: name!,
    schema: schema!,
    table: table!,
  }));
}

function some(names: readonly string[]): string {
  const rest = names.length - shown;
  return names.slice(0, shown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
