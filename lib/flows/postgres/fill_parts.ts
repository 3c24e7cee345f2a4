import type { Context } from "../../core/context.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { type ArchiveEntry, entriesOfTables } from "../../postgres/archive_list.ts";
import { PostgresError } from "../../postgres/errors.ts";
import {
  type DumpReading,
  entriesScript,
  listArchive,
  restoreArchive,
} from "../../postgres/restore.ts";
import { splitSql } from "../../postgres/sql_statements.ts";
import { inDatabase } from "./maintenance.ts";
import { chosenTables, type PartRequest } from "./parts.ts";

/** What of a dump is restored, and where. */
export interface PartOptions extends PartRequest {
  /** Name of the database, which is there and empty. */
  name: string;
  /** Options of pg_restore besides. */
  args: readonly string[];
}

/**
 * Restore all definitions of a dump, and the rows of some tables. References of these to other tables are made where
 * the rows allow it, and told where not. Returns the names of the tables.
 *
 * @throws {SlipwayError} when there is no such table, or pg_restore fails
 */
export async function restoreParts(
  access: PostgresAccess,
  reading: DumpReading,
  { name, args, table, schema }: PartOptions,
  context: Context,
): Promise<string[]> {
  const entries = await listArchive(reading);
  const definitions = entriesOfTables(entries, []).definitions;
  await withList(
    definitions,
    (list) => restoreArchive(reading, { database: name, args: [...args, ...list], whole: false }),
  );
  const tables = await inDatabase(
    access,
    name,
    (session) => chosenTables(session, { ...table && { table }, ...schema && { schema } }),
  );
  const { contents, references } = entriesOfTables(entries, tables);
  await withList(
    contents,
    (list) => restoreArchive(reading, { database: name, args: [...args, ...list] }),
  );
  if (references.length > 0) {
    const script = await withList(references, (list) => entriesScript(reading, [...args, ...list]));
    await addReferences(access, name, splitSql(script), context);
  }
  return tables.map(({ name }) => name);
}

/** Source: PostgreSQL, Appendix A. */
const foreignKeyViolation = "23503";

/** A reference to rows that were not restored cannot be made. */
async function addReferences(
  access: PostgresAccess,
  name: string,
  statements: readonly string[],
  { emit }: Context,
): Promise<void> {
  await inDatabase(access, name, async (session) => {
    for (const statement of statements.filter((each) => each.startsWith("ALTER TABLE "))) {
      try {
        await session.query(statement);
      } catch (error) {
        if (!(error instanceof PostgresError) || error.sqlState !== foreignKeyViolation) {
          throw error;
        }
        const constraint = /ADD CONSTRAINT (\S+)/.exec(statement)?.[1] ?? "a reference";
        emit({
          type: "note",
          level: "info",
          message: `${constraint} was left out, since it refers to rows that were not restored`,
        });
      }
    }
  });
}

/** pg_restore takes the list of entries from a file only. It holds names, no rows. */
async function withList<T>(
  entries: readonly ArchiveEntry[],
  work: (args: string[]) => Promise<T>,
): Promise<T> {
  const file = await Deno.makeTempFile({ prefix: "slipway-list-" });
  try {
    await Deno.writeTextFile(file, entries.map(({ line }) => `${line}\n`).join(""));
    return await work([`--use-list=${file}`]);
  } finally {
    await Deno.remove(file);
  }
}
