import { closest } from "../../core/closest.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import { withSession } from "./with_session.ts";
import { PostgresError } from "../../postgres/errors.ts";
import { hasOwnObjects, listDatabases } from "../../postgres/server_facts.ts";

/** A database that is to be backed up. */
export interface WantedDatabase {
  /** Its name. */
  database: string;
  /** Why it cannot be. */
  because?: PostgresError;
}

/** The database that every server is made with, and that mostly nobody uses. */
const maintenance = "postgres";

/**
 * The databases of a server that are named, or all of them: templates are not, and `postgres` is where somebody made
 * something in it.
 *
 * @throws {SlipwayError} when there is none, or the server cannot be asked
 */
export async function wantedDatabases(
  access: PostgresAccess,
  named: readonly string[] = [],
): Promise<WantedDatabase[]> {
  const found = await withSession(access, access.database, listDatabases);
  if (named.length > 0) {
    const known = new Set(found.map(({ name }) => name));
    return [...new Set(named)].map((database) => ({
      database,
      ...known.has(database) ? {} : { because: missing(access, database, [...known]) },
    }));
  }
  const wanted: WantedDatabase[] = [];
  for (const { name, connectable } of found) {
    if (!connectable) continue;
    if (name !== maintenance || await withSession(access, name, hasOwnObjects)) {
      wanted.push({ database: name });
    }
  }
  if (wanted.length > 0) return wanted;
  throw new SlipwayError(`There is no database to back up at ${access.name}`, {
    remedy: "name the databases that are to be backed up, or leave this server out",
  });
}

function missing(access: PostgresAccess, database: string, known: string[]): PostgresError {
  const near = closest(database, known);
  return new PostgresError(`There is no database ${database} at ${access.name}`, {
    problem: "no-database",
    remedy: near === undefined
      ? `it has ${known.slice(0, 10).join(", ")}${known.length > 10 ? " and others" : ""}`
      : `did you mean ${near}?`,
  });
}
