import type { RunProgram } from "../core/program.ts";
import type { Redactor } from "../core/redact.ts";
import { clientEnvironment } from "./client_environment.ts";
import type { PostgresLogin } from "./connection.ts";
import { type PostgresPrograms, postgresPrograms } from "./programs.ts";
import { openPsqlSession } from "./psql_session.ts";
import { readServerFacts, type ServerFacts } from "./server_facts.ts";
import { connectSqlSession, type SqlSession } from "./sql_session.ts";
import { nameOfServer, type PostgresFiles, type PostgresTarget } from "./target.ts";
import { findPostgresTools, namedPostgresTools, type PostgresTool } from "./tools.ts";

/** A server that can be reached, by sessions and by programs that fit its version. */
export interface PostgresAccess {
  /** The server, for messages, such as `db.example.org:5432`. */
  readonly name: string;
  /** Over a connection, or by programs in the server's own pod. */
  readonly via: "connection" | "exec";
  /** A database that lets it in. */
  readonly database: string;
  /** What it says of itself. */
  readonly server: ServerFacts;
  /** Programs of its major version, or newer. */
  readonly programs: PostgresPrograms;
  /** Open a session in one of its databases. @throws {PostgresError} */
  openSession(database: string): Promise<SqlSession>;
}

/** How a server is reached over a connection. */
export interface ConnectOptions {
  /** Where it is, and a database to log in to first. */
  target: PostgresTarget;
  /** Who logs in. */
  login: PostgresLogin;
  /** Files of certificates, by their absolute paths. */
  files: PostgresFiles;
  /** Starts programs on this machine. */
  run: RunProgram;
  /** The value of an environment variable. */
  env: (name: string) => string | undefined;
  /** Learns the password. */
  redactor: Redactor;
  /** Ends sessions and programs. */
  signal: AbortSignal;
  /** Programs that are needed. @default ["pg_dump", "pg_dumpall", "pg_restore"] */
  needs?: readonly PostgresTool[];
}

/**
 * Reach a server over a connection, with programs of this machine.
 *
 * @throws {PostgresError} when it cannot be reached, or refuses the login
 * @throws {SlipwayError} when this machine has no programs that fit its version
 */
export async function accessByConnection(options: ConnectOptions): Promise<PostgresAccess> {
  const { target, login, files, run, env, redactor, signal, needs } = options;
  const openSession = (database: string) =>
    connectSqlSession({ ...target, database }, login, { redactor, signal });
  const server = await asked(openSession, target.database);
  const tools = await findPostgresTools(server.major, {
    ...{ env, run, signal },
    ...needs === undefined ? {} : { needs },
  });
  const name = nameOfServer(target);
  const variables = await clientEnvironment({ target, login, files, clientMajor: tools.major });
  const programs = postgresPrograms({ name, tools, run, env: variables });
  return { name, via: "connection", database: target.database, server, programs, openSession };
}

/** How a server is reached in its own pod. */
export interface PodOptions {
  /** The pod, for messages, such as `pod shop/db-0`. */
  name: string;
  /** Starts programs in it. */
  run: RunProgram;
  /** Role that the server lets in there without a password. */
  user: string;
  /** A database to log in to first. @default "postgres" */
  database?: string;
  /** Ends sessions and programs. */
  signal: AbortSignal;
}

/**
 * Reach a server by programs in its own pod, which needs no open port, no password and no shell.
 *
 * @throws {SlipwayError} when the pod has no such programs, or the server refuses the login
 */
export async function accessInPod(
  { name, run, user, database = "postgres", signal }: PodOptions,
): Promise<PostgresAccess> {
  const tools = await namedPostgresTools(run, { signal });
  const programs = postgresPrograms({ name, tools, run, user });
  const openSession = (database: string) => openPsqlSession(programs, { database, signal });
  const server = await asked(openSession, database);
  return { name, via: "exec", database, server, programs, openSession };
}

async function asked(
  openSession: PostgresAccess["openSession"],
  database: string,
): Promise<ServerFacts> {
  const session = await openSession(database);
  try {
    return await readServerFacts(session);
  } finally {
    await session.close();
  }
}
