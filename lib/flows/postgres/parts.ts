import { SlipwayError } from "../../core/errors.ts";
import type { TableName } from "../../postgres/archive_list.ts";
import { quotedText, type SqlSession } from "../../postgres/sql_session.ts";

/** What of a database is restored with its rows; of all else, only the definitions are. */
export interface PartRequest {
  /** Tables, each as `schema.table`, or by its name where only one schema has it. */
  table?: readonly string[];
  /** Schemas. */
  schema?: readonly string[];
}

/** Whether only parts are wanted. */
export function isPartial({ table = [], schema = [] }: PartRequest): boolean {
  return table.length + schema.length > 0;
}

/** Parts in words: `orders, schema audit`. */
export function describeParts({ table = [], schema = [] }: PartRequest): string {
  return [...table, ...schema.map((name) => `schema ${name}`)].join(", ");
}

/** A table that was chosen. */
export interface ChosenTable extends TableName {
  /** Schema and table as `format('%I.%I')` writes them. */
  name: string;
}

/**
 * The tables that are meant, with their partitions, of a database that has all its definitions.
 *
 * @throws {SlipwayError} when one is not there, or several have its name
 */
export async function chosenTables(
  session: SqlSession,
  { table = [], schema = [] }: PartRequest,
): Promise<ChosenTable[]> {
  const known = (await session.query(
    "SELECT n.nspname AS schema, c.relname AS table, format('%I.%I', n.nspname, c.relname) AS name " +
      "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') " +
      "AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY 3",
  )).map(({ schema, table, name }) => ({ schema: schema!, table: table!, name: name! }));
  const chosen = new Map<string, ChosenTable>();
  for (const wanted of table) {
    const full = known.filter((each) =>
      each.name === wanted || `${each.schema}.${each.table}` === wanted
    );
    const found = full.length > 0 ? full : known.filter((each) => each.table === wanted);
    if (found.length !== 1) throw notOne(`table ${wanted}`, found, known);
    chosen.set(found[0]!.name, found[0]!);
  }
  for (const wanted of schema) {
    const found = known.filter((each) => each.schema === wanted);
    if (found.length === 0) throw notOne(`schema ${wanted} with tables`, [], known);
    for (const each of found) chosen.set(each.name, each);
  }
  const names = [...chosen.keys()].map(quotedText).join(", ");
  const partitions = await session.query(
    "WITH RECURSIVE tree AS (SELECT oid FROM pg_class WHERE oid = ANY(ARRAY[" + names +
      "]::regclass[]) UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON t.oid = i.inhparent) " +
      "SELECT n.nspname AS schema, c.relname AS table, format('%I.%I', n.nspname, c.relname) AS name " +
      "FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE c.relkind = 'r' ORDER BY 3",
  );
  return partitions.map(({ schema, table, name }) => ({
    schema: schema!,
    table: table!,
    name: name!,
  }));
}

function notOne(
  what: string,
  found: readonly ChosenTable[],
  known: readonly ChosenTable[],
): SlipwayError {
  const several = found.length > 1;
  const names = (several ? found : known).map(({ name }) => name);
  const rest = names.length - 8;
  return new SlipwayError(
    several ? `There are ${found.length} tables of this name: ${what}` : `There is no ${what}`,
    {
      remedy: `name one of ${names.slice(0, 8).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`,
    },
  );
}
