import { type ConnectionOptions, openConnection, type PostgresLogin } from "./connection.ts";
import type { PostgresTarget } from "./target.ts";

/** A row, by the names of its columns; each value as the server writes it. */
export type SqlRow = Record<string, string | null>;

/** One session of a server, be it over a connection or by a psql in the server's pod. Its transactions last. */
export interface SqlSession {
  /** Which database it is in, for messages. */
  readonly name: string;
  /** The rows that one statement gives. @throws {PostgresError} */
  query(sql: string): Promise<SqlRow[]>;
  /** End the session. */
  close(): Promise<void>;
}

/**
 * Open a session over a connection. Its statements may take as long as they want.
 *
 * @throws {PostgresError} which says why the server cannot be reached, or refuses the login
 */
export async function connectSqlSession(
  target: PostgresTarget,
  login: PostgresLogin,
  options: Pick<ConnectionOptions, "redactor" | "signal" | "timeoutMs">,
): Promise<SqlSession> {
  const connection = await openConnection(target, login, {
    ...options,
    patient: true,
    asText: true,
  });
  return {
    name: connection.name,
    query: (sql) => connection.query(sql) as ReturnType<SqlSession["query"]>,
    close: connection.close,
  };
}

/** A name as SQL has it. Source: PostgreSQL, "Lexical Structure", quoted identifiers. */
export function quotedName(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A text as SQL has it, whatever `standard_conforming_strings` is. Source: PostgreSQL, "String Constants". */
export function quotedText(text: string): string {
  const escaped = text.replaceAll("'", "''").replaceAll("\\", "\\\\");
  return escaped.includes("\\") ? ` E'${escaped}'` : `'${escaped}'`;
}
