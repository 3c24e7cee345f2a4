import type { ByteStream, RunningProgram, RunProgram } from "../core/program.ts";
import type { PostgresTool, PostgresTools } from "./tools.ts";

/** How one of the programs is started. */
export interface StartOptions {
  /** Its arguments, {@linkcode PostgresPrograms.connect}'s among them. */
  args: readonly string[];
  /** What it reads; nothing when absent. */
  stdin?: ByteStream;
  /** Ends it. */
  signal: AbortSignal;
}

/** PostgreSQL's programs, and how they reach one server. */
export interface PostgresPrograms {
  /** The server, for messages, such as `db.example.org:5432`. */
  readonly name: string;
  /** Which ones they are. */
  readonly tools: PostgresTools;
  /** Arguments with which they all connect to a database of it, whatever its name. */
  connect(database: string): string[];
  /** Start one of them. */
  start(tool: PostgresTool, options: StartOptions): Promise<RunningProgram>;
}

/** What programs are made from. */
export interface ProgramOptions {
  /** The server, for messages. */
  name: string;
  /** Which programs. */
  tools: PostgresTools;
  /** Starts them. */
  run: RunProgram;
  /** Variables for libpq; in a pod, none can be given. */
  env?: Readonly<Record<string, string>>;
  /** Role to log in as; where absent, libpq decides. */
  user?: string;
}

/** What finds out within two minutes that a server is gone. Source: PostgreSQL, libpq "Parameter Key Words". */
const keepAlive = "keepalives_idle=30 keepalives_interval=10 keepalives_count=9";

/** PostgreSQL's programs for one server. */
export function postgresPrograms(
  { name, tools, run, env, user }: ProgramOptions,
): PostgresPrograms {
  return {
    name,
    tools,
    connect: (database) => [
      `--dbname=${connectionString(database)} ${keepAlive}`,
      "--no-password",
      ...user === undefined ? [] : [`--username=${user}`],
    ],
    start: (tool, { args, stdin, signal }) =>
      run({
        argv: [tools.path(tool), ...args],
        label: tool,
        ...env === undefined ? {} : { env },
        ...stdin === undefined ? {} : { stdin },
      }, { signal }),
  };
}

/**
 * A database as libpq's connection strings name it. As an argument of its own, a name with an equals sign in it would
 * be taken for such a string. Source: PostgreSQL, libpq "Keyword/Value Connection Strings".
 */
export function connectionString(database: string): string {
  return `dbname='${database.replaceAll(/['\\]/g, "\\$&")}'`;
}
