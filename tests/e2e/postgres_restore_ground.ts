import { deepEqual } from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import type { BackupRecord } from "../../lib/backup/record.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import { backupPostgres } from "../../lib/flows/postgres/backup.ts";
import { restorePostgres, type RestorePostgresRequest } from "../../lib/flows/postgres/restore.ts";
import { runHere } from "../../lib/local/run_program.ts";
import { connectionString } from "../../lib/postgres/programs.ts";
import { connectSqlSession, type SqlRow, type SqlSession } from "../../lib/postgres/sql_session.ts";
import { hostContext, type TestContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { type PostgresProcess, startPostgres } from "./postgres_process.ts";
import { postgresPrograms } from "./postgres_programs.ts";

/** Two servers, one store, and what opens it. */
export interface RestoreGround {
  /** The server that is backed up. */
  origin: PostgresProcess;
  /** A server that knows nothing of it. */
  other: PostgresProcess;
  /** Folder of the test. */
  folder: string;
  /** Folder of PostgreSQL's programs. */
  programs: string;
  /** Path of a file with the age identity. */
  identityFile: string;
  /** Open a session in a database. */
  session(server: PostgresProcess, database: string): Promise<SqlSession>;
  /** Run statements in a database. */
  sql(server: PostgresProcess, database: string, statements: string): Promise<SqlRow[]>;
  /** What flows get of the world, with the password of a server. */
  context(server: PostgresProcess, changes?: Partial<TestContext>): TestContext;
  /** Back up databases of the first server. */
  backUp(...databases: string[]): Promise<BackupRecord["id"][]>;
  /** Restore to a server, by default the first one. */
  restore(
    request: Partial<RestorePostgresRequest>,
    server?: PostgresProcess,
    changes?: Partial<TestContext>,
  ): Promise<TestContext>;
  /** Arguments of the task by which it is restored to the first server, and its environment. */
  task(args: readonly string[]): { args: string[]; env: Record<string, string> };
  /** Names of the databases of a server, but those that each has. */
  databases(server: PostgresProcess): Promise<string[]>;
  /** A dump as text, of a database with all that belongs to it, without what differs each time. */
  dump(server: PostgresProcess, database: string): Promise<string>;
  /** Roles of a server as text, without the superuser of the tests. */
  roles(server: PostgresProcess): Promise<string>;
}

const stored = "test";

/** Give a test two servers and a store. */
export async function withRestoreGround(work: (ground: RestoreGround) => Promise<void>) {
  await withFolder(async (folder) => {
    const settings = {
      log_statement: "none",
      max_prepared_transactions: "2",
      wal_level: "logical",
      max_locks_per_transaction: "512",
    };
    await using origin = await startPostgres({ settings });
    await using other = await startPostgres({ settings });
    await Deno.mkdir(`${folder}/programs`);
    const programs = await postgresPrograms(`${folder}/programs`);
    const identity = await generateIdentity();
    const recipient = [await identityToRecipient(identity)];
    const identityFile = `${folder}/identity.txt`;
    await Deno.writeTextFile(identityFile, `${identity}\n`);
    const store = `${folder}/store`;
    const connection = ({ port }: PostgresProcess) =>
      `postgresql://postgres@127.0.0.1:${port}/postgres`;

    const context = (server: PostgresProcess, changes: Partial<TestContext> = {}) =>
      hostContext({
        cwd: folder,
        env: (name) =>
          name === "PGPASSWORD"
            ? server.password
            : name === "SLIPWAY_PG_BIN"
            ? programs
            : name === "TMPDIR"
            ? undefined
            : Deno.env.get(name),
        ...changes,
      });
    const start = async (server: PostgresProcess, argv: [string, ...string[]]) => {
      const world = context(server);
      const { stdout } = await runHere(world)({
        argv,
        env: {
          PGHOST: server.host,
          PGPORT: String(server.port),
          PGUSER: server.user,
          PGPASSWORD: server.password,
        },
      }, world);
      return await new Response(stdout).text();
    };
    const session: RestoreGround["session"] = (server, database) =>
      connectSqlSession(
        { host: server.host, port: server.port, database, tls: { mode: "disable" } },
        { user: server.user, password: server.password },
        context(server),
      );
    const sql: RestoreGround["sql"] = async (server, database, statements) => {
      const opened = await session(server, database);
      try {
        return await opened.query(statements);
      } finally {
        await opened.close();
      }
    };
    await work({
      origin,
      other,
      folder,
      programs,
      identityFile,
      context,
      session,
      sql,
      async backUp(...databases) {
        const world = context(origin);
        const request = { databases, store, recipient, storedAs: stored };
        const code = await backupPostgres({ ...request, connection: connection(origin) }, world);
        deepEqual(code, ExitCode.done);
        return world.events.flatMap((event) =>
          event.type === "summary" ? [String(event["backup"])] : []
        );
      },
      async restore(request, server = origin, changes = {}) {
        const world = context(server, changes);
        const code = await restorePostgres({
          ...{ from: "latest", store, storedAs: stored, identity: [identityFile] },
          ...{ connection: connection(server), ...request },
        }, world);
        deepEqual(code, ExitCode.done);
        return world;
      },
      task: (args) => ({
        args: [
          ...["restore_postgres", ...args, "--json", "--yes", "--store", store],
          ...["--stored-as", stored, "--identity", identityFile, "--connection"],
          connection(origin),
        ],
        env: { PGPASSWORD: origin.password, SLIPWAY_PG_BIN: programs },
      }),
      async databases(server) {
        const rows = await sql(
          server,
          "postgres",
          "SELECT datname AS name FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1",
        );
        return rows.map(({ name }) => name!);
      },
      async dump(server, database) {
        const program = `${programs}/pg_dump`;
        const text = await start(server, [
          program,
          "--create",
          `--dbname=${connectionString(database)}`,
        ]);
        return text.split("\n").filter((line) => !/^(--|\\(un)?restrict )/.test(line)).join("\n");
      },
      async roles(server) {
        const text = await start(server, [`${programs}/pg_dumpall`, "--globals-only"]);
        return text.split("\n").filter((line) =>
          line !== "" && !/^(--|\\(un)?restrict |(CREATE|ALTER) ROLE postgres\b)/.test(line)
        ).join("\n");
      },
    });
  });
}
