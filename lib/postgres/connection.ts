import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { Redactor } from "../core/redact.ts";
import { postgresFailure } from "./failure.ts";
import { nameOfTarget, type PostgresTarget, type PostgresTls } from "./target.ts";

/** Who logs in. */
export interface PostgresLogin {
  /** Name of the role. */
  user: string;
  /** Its password; absent where the server knows whom it speaks with, or trusts everybody from there. */
  password?: string;
}

/** Options of a connection. */
export interface ConnectionOptions {
  /** Learns the password. */
  redactor: Redactor;
  /** Ends the connection. */
  signal?: AbortSignal;
  /** Deadline of the connection, and of each statement, in milliseconds. @default 10_000 */
  timeoutMs?: number;
  /** Whether statements may take as long as they want. @default false */
  patient?: boolean;
  /** Whether all values come as the server writes them, rather than as numbers, times and objects. @default false */
  asText?: boolean;
}

/** A connection to a database. */
export interface PostgresConnection {
  /** Where it leads, for messages. */
  readonly name: string;
  /** The rows that a statement gives, by the names of their columns. @throws {PostgresError} */
  query(sql: string, values?: readonly string[]): Promise<Record<string, unknown>[]>;
}

/** A connection that stays open until it is closed. */
export interface OpenConnection extends PostgresConnection {
  /** Close it. */
  close(): Promise<void>;
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
  const connection = await openConnection(target, login, options);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/**
 * Connect.
 *
 * @throws {PostgresError} which says why the server cannot be reached, or refuses the login
 */
export async function openConnection(
  target: PostgresTarget,
  { user, password = "" }: PostgresLogin,
  { redactor, signal, timeoutMs = 10_000, patient = false, asText = false }: ConnectionOptions,
): Promise<OpenConnection> {
  redactor.add(password);
  signal?.throwIfAborted();
  // Loading the driver costs more than starting most tasks.
  const { default: { Client } } = await import("pg");
  const name = nameOfTarget(target);
  const client: Driver = new Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user,
    // As a function, since the driver would look for an empty one in the environment.
    password: () => password,
    ssl: tlsOptions(target.tls),
    application_name: "slipway",
    // What is asked may take long, and a server that is gone says nothing.
    keepAlive: true,
    connectionTimeoutMillis: timeoutMs,
    ...(patient ? {} : { query_timeout: timeoutMs }),
    ...(asText ? { types: { getTypeParser: () => (value: string) => value } } : {}),
    // What the driver would otherwise take from the environment.
    options: "",
  });
  // A connection that breaks while nobody asks is found with the next question.
  client.on("error", () => {});
  const stop = () => void client.end().catch(() => {});
  signal?.addEventListener("abort", stop, { once: true });
  const close = async () => {
    signal?.removeEventListener("abort", stop);
    await client.end().catch(() => {});
  };
  const guarded = async <R>(tried: string, operation: () => Promise<R>): Promise<R> => {
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      throw postgresFailure(`${tried} ${name}`, error);
    }
  };
  try {
    await guarded(`log in as ${user} to the database`, () => client.connect());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    name,
    close,
    query: async (sql, values) => {
      const { rows } = await guarded("ask the database", () => client.query(sql, values));
      return rows;
    },
  };
}

/** Source: Node.js, tls.connect(); the names of the modes are libpq's. */
function tlsOptions({ mode, serverName, caCert, cert, key }: PostgresTls) {
  if (mode === "disable") return false;
  return {
    rejectUnauthorized: mode !== "require",
    ...(caCert === undefined ? {} : { ca: caCert }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // The driver puts a host's name in place of this one, so that the check has to know it too.
    ...(serverName === undefined ? {} : {
      servername: serverName,
      checkServerIdentity: (_: string, cert: PeerCertificate) =>
        checkServerIdentity(serverName, cert),
    }),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}
