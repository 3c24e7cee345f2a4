import type { Redactor } from "../core/redact.ts";
import { postgresFailure } from "./failure.ts";
import { nameOfTarget, type PostgresTarget, type PostgresTls } from "./target.ts";

/** Who logs in. */
export interface PostgresLogin {
  /** Name of the role. */
  user: string;
  /** Its password. */
  password: string;
}

/** Options of a connection. */
export interface ConnectionOptions {
  /** Learns the password. */
  redactor: Redactor;
  /** Ends the connection. */
  signal?: AbortSignal;
  /** Deadline of the connection, and of each statement, in milliseconds. @default 10_000 */
  timeoutMs?: number;
}

/** A connection to a database. */
export interface PostgresConnection {
  /** Where it leads, for messages. */
  readonly name: string;
  /** The rows that a statement gives, by the names of their columns. @throws {PostgresError} */
  query(sql: string, values?: readonly string[]): Promise<Record<string, unknown>[]>;
}

/** What is used of the driver's client. Source: node-postgres, "pg.Client". */
interface Driver {
  connect(): Promise<void>;
  query(sql: string, values?: readonly string[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
  on(event: "error", listener: () => void): void;
}

/**
 * Connect, do something, and close the connection.
 *
 * @throws {PostgresError} which says why the server cannot be reached, or refuses the login
 */
export async function withConnection<T>(
  target: PostgresTarget,
  login: PostgresLogin,
  options: ConnectionOptions,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const { redactor, signal, timeoutMs = 10_000 } = options;
  redactor.add(login.password);
  signal?.throwIfAborted();
  // Loading the driver costs more than starting most tasks.
  const { default: { Client } } = await import("pg");
  const name = nameOfTarget(target);
  const client: Driver = new Client({
    host: target.host,
    port: target.port,
    database: target.database,
    ...login,
    ssl: tlsOptions(target.tls),
    application_name: "slipway",
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    // What the driver would otherwise take from the environment.
    options: "",
  });
  // A connection that breaks while nobody asks is found with the next question.
  client.on("error", () => {});
  const stop = () => void client.end().catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  const guarded = async <R>(tried: string, operation: () => Promise<R>): Promise<R> => {
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      throw postgresFailure(`${tried} ${name}`, error);
    }
  };
  try {
    await guarded(`log in as ${login.user} to the database`, () => client.connect());
    return await work({
      name,
      query: async (sql, values) => {
        const { rows } = await guarded("ask the database", () => client.query(sql, values));
        return rows;
      },
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    await client.end().catch(() => {});
  }
}

/** Source: Node.js, tls.connect(); the names of the modes are libpq's. */
function tlsOptions({ mode, serverName, caCert, cert, key }: PostgresTls) {
  if (mode === "disable") return false;
  return {
    rejectUnauthorized: mode !== "require",
    ...(caCert === undefined ? {} : { ca: caCert }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}
