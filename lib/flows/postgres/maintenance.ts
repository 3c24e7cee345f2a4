import { SlipwayError } from "../../core/errors.ts";
import type { PostgresAccess } from "../../postgres/access.ts";
import type { SqlSession } from "../../postgres/sql_session.ts";
import { withSession } from "./with_session.ts";

/** Databases that every server has; who works on one of them does it from the other. */
const databases = ["postgres", "template1"] as const;

/** Limits that a role or a server may have set, and that no restore can keep. */
const limits = [
  "statement_timeout",
  "lock_timeout",
  "idle_session_timeout",
  "idle_in_transaction_session_timeout",
  "transaction_timeout",
];

/** Do something in a session in one of a server's databases, which no limit of the server ends. */
export async function inDatabase<T>(
  access: PostgresAccess,
  database: string,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return await withSession(access, database, async (session) => {
    await session.query(
      "SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN (" +
        limits.map((name) => `'${name}'`).join(", ") + ")",
    );
    return await work(session);
  });
}

/** Do something in a session that is not in this database, which can then be renamed or dropped. */
export async function maintenance<T>(
  access: PostgresAccess,
  database: string,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const place = databases.find((name) => name !== database);
  if (place === undefined) throw new SlipwayError(`Cannot leave the database ${database}`);
  return await inDatabase(access, place, work);
}
