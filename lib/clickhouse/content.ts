import type { ClickHouse } from "./client.ts";
import { text } from "./statements.ts";

/** A table, view or dictionary. */
export interface ClickHouseTable {
  /** Its engine, such as `MergeTree` or `View`. */
  engine: string;
  /** How many rows it has; absent where it has none of its own. */
  rows?: number;
}

/** A table as it was around the moment of its backup. */
export interface BackedUpTable {
  /** Its engine. */
  engine: string;
  /** Fewest and most rows that were counted, before and after the backup; absent where it has none of its own. */
  rows?: { least: number; most: number };
}

/** Databases that a server has for itself. */
const own = ["system", "INFORMATION_SCHEMA", "information_schema"];

/** A database of a server. */
export interface ClickHouseDatabase {
  /** Its name. */
  name: string;
  /** Its engine, such as `Atomic`. */
  engine: string;
}

/** All databases but the server's own. */
export async function listDatabases(
  server: ClickHouse,
  signal: AbortSignal,
): Promise<ClickHouseDatabase[]> {
  const rows = await server.query("SELECT name, engine FROM system.databases ORDER BY name", {
    signal,
  });
  return rows.map(({ name, engine }) => ({ name: String(name), engine: String(engine) }))
    .filter(({ name }) => !own.includes(name));
}

/** The tables of a database, by name. */
export async function listTables(
  server: ClickHouse,
  database: string,
  signal: AbortSignal,
): Promise<Record<string, ClickHouseTable>> {
  const rows = await server.query(
    `SELECT name, engine, total_rows FROM system.tables WHERE database = ${text(database)}`,
    { signal },
  );
  return Object.fromEntries(rows.map(({ name, engine, total_rows }) => [
    String(name),
    {
      engine: String(engine),
      ...total_rows === null || total_rows === undefined ? {} : { rows: Number(total_rows) },
    },
  ]));
}

/** What is known of tables that were counted before and after they were backed up. */
export function backedUpTables(
  before: Readonly<Record<string, ClickHouseTable>>,
  after: Readonly<Record<string, ClickHouseTable>>,
): Record<string, BackedUpTable> {
  // A table that was made or dropped meanwhile may be in the backup, or not.
  const both = Object.entries(before).filter(([name]) => Object.hasOwn(after, name));
  return Object.fromEntries(both.map(([name, { engine, rows }]) => {
    const later = after[name]!.rows;
    const counted = rows !== undefined && later !== undefined;
    return [name, {
      engine,
      ...counted ? { rows: { least: Math.min(rows, later), most: Math.max(rows, later) } } : {},
    }];
  }));
}

/** Engines whose merges drop rows, so that fewer than were counted are no loss. Source: ClickHouse, "MergeTree Family". */
const merging = /(Replacing|Collapsing|Summing|Aggregating|Graphite)MergeTree$/;

/** How restored tables differ from what a backup has; one sentence part each. */
export function compareTables(
  found: Readonly<Record<string, ClickHouseTable>>,
  wanted: Readonly<Record<string, BackedUpTable>>,
): { wrong: string[]; remarkable: string[] } {
  const [wrong, remarkable]: [string[], string[]] = [[], []];
  for (const [name, { engine, rows }] of Object.entries(wanted)) {
    const there = found[name];
    if (there === undefined) wrong.push(`${name} is not there`);
    else if (rows !== undefined) {
      const count = there.rows ?? 0;
      if (count >= rows.least && count <= rows.most) continue;
      const range = rows.least === rows.most ? `${rows.least}` : `${rows.least} to ${rows.most}`;
      const words = `${name} has ${count} rows, wanted ${range}`;
      if (count > rows.most) remarkable.push(`${words}: others may write to it already`);
      else if (merging.test(engine) && count > 0) {
        remarkable.push(`${words}: merges of ${engine} may have dropped some`);
      } else wrong.push(words);
    }
  }
  return { wrong, remarkable };
}
