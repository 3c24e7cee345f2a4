import type { PostgresAccess } from "../../postgres/access.ts";
import type { SqlSession } from "../../postgres/sql_session.ts";

/** Do something in a session in one of a server's databases, and close it. */
export async function withSession<T>(
  access: PostgresAccess,
  database: string,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const session = await access.openSession(database);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
