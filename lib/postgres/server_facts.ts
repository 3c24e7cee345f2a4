import type { PostgresServerVersion } from "./details.ts";
import { SlipwayError } from "../core/errors.ts";
import type { SqlSession } from "./sql_session.ts";
import { readPostgresVersion } from "./tools.ts";

/** What a server says of itself. */
export interface ServerFacts extends PostgresServerVersion {
  /** It is a standby. */
  standby: boolean;
  /** The session's role is a superuser, which alone can read the verifiers of passwords. */
  superuser: boolean;
}

/** A database of a server. */
export interface ServerDatabase {
  /** Its name. */
  name: string;
  /** Whether it lets anybody in. */
  connectable: boolean;
}

/** Ask a server about itself. */
export async function readServerFacts(session: SqlSession): Promise<ServerFacts> {
  const [row] = await session.query(
    "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby, " +
      "current_setting('is_superuser') AS superuser",
  );
  const version = readPostgresVersion(row?.["version"] ?? "");
  if (version === undefined) {
    throw new SlipwayError(
      `Cannot tell the version of ${session.name}: it says "${row?.["version"]}"`,
    );
  }
  return {
    ...version,
    standby: row?.["standby"] === "t",
    superuser: row?.["superuser"] === "on",
  };
}

/** All databases of a server but its templates, by name. */
export async function listDatabases(session: SqlSession): Promise<ServerDatabase[]> {
  const rows = await session.query(
    "SELECT datname AS name, datallowconn AS connectable FROM pg_database " +
      "WHERE NOT datistemplate ORDER BY datname",
  );
  return rows.map(({ name, connectable }) => ({
    name: name ?? "",
    connectable: connectable === "t",
  }));
}

/** Whether somebody has made anything in a database. Source: PostgreSQL, access/transam.h, FirstNormalObjectId. */
export async function hasOwnObjects(session: SqlSession): Promise<boolean> {
  const catalogues = ["pg_class", "pg_proc", "pg_type", "pg_namespace", "pg_extension"]
    .map((name) => `EXISTS (SELECT FROM pg_catalog.${name} WHERE oid >= 16384)`);
  const [row] = await session.query(
    `SELECT ${
      [...catalogues, "EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)"].join(" OR ")
    } AS own`,
  );
  return row?.["own"] === "t";
}
