import { generateIdentity, identityToRecipient } from "age-encryption";
import { ExitCode, messageOf, SlipwayError } from "../../lib/core/errors.ts";
import { backupPostgres, type BackupPostgresRequest } from "../../lib/flows/postgres/backup.ts";
import { restorePostgres, type RestorePostgresRequest } from "../../lib/flows/postgres/restore.ts";
import { connectSqlSession, type SqlRow } from "../../lib/postgres/sql_session.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/store/store.ts";
import { hostContext, type TestContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { smallDisk } from "./fault_means.ts";
import { type MinioProcess, startMinio } from "./minio_process.ts";
import { type PostgresProcess, startPostgres } from "./postgres_process.ts";
import { postgresPrograms } from "./postgres_programs.ts";
import { type PostgresProxy, startPostgresProxy } from "./postgres_proxy.ts";
import { type S3Proxy, startS3Proxy } from "./s3_proxy.ts";
import { runTask } from "./task.ts";

/** What all rows of the fault matrix share. */
export interface FaultGround {
  /** A server with the databases `small` and `large`, of which each row gets a copy. */
  postgres: PostgresProcess;
  /** One of which the processes are killed, so that only one row at a time can use it. */
  fragile: PostgresProcess;
  /** The store. */
  minio: MinioProcess;
  /** Folder of the test. */
  folder: string;
  /** Folder of PostgreSQL's programs. */
  programs: string;
  /** age recipient, and the file with its identity. */
  recipient: string;
  identityFile: string;
  /** Last good backups, by the names of their databases. */
  good: Map<string, GoodBackup>;
}

/** The last good backup of a database, and what that has now. */
export interface GoodBackup {
  /** Its id. */
  id: string;
  /** Its objects and its record, by their names in the store. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** All rows that it has. */
  before: string;
  /** All rows that the database has now. */
  now: string;
}

/** How a run ended. */
export interface FaultyEnd {
  /** Exit code; 137 after SIGKILL. */
  code: number;
  /** What it said of the failure. */
  message: string;
  /** What it said can be done. */
  remedy: string;
}

/** A row's own surroundings: a database, proxies in front of server and store, and what its processes are known by. */
export interface FaultWorld extends AsyncDisposable {
  /** What the row shares with others. */
  ground: FaultGround;
  /** The server that it uses. */
  postgres: PostgresProcess;
  /** Name of its database. */
  name: string;
  /** Name of its folder in the store. */
  prefix: string;
  /** Folder of its own, which its processes find in TMPDIR. */
  folder: string;
  /** The connection to the store. */
  s3: S3Proxy;
  /** The connection to the server. */
  pg: PostgresProxy;
  /** Whether its runs reach server and store through the proxies. */
  viaProxies: boolean;
  /** The same store, reached directly. */
  direct: Store;
  /** Variables of its runs. */
  env: Record<string, string>;
  /** How often the fault happened. */
  happened: number;
  /** Id of the backup that is restored. */
  from: string;
  /** What is done when the row's run has ended. */
  afterRun: AsyncDisposableStack;
  /** What is done when the row's databases are gone. */
  atEnd: AsyncDisposableStack;
  /** Run statements in a database, not through the proxy. */
  sql(statements: string, database?: string): Promise<SqlRow[]>;
  /** What flows get of the world. */
  context(changes?: Partial<TestContext>): TestContext;
  /** Back up in this process. */
  backUp(changes?: Partial<BackupPostgresRequest>, context?: TestContext): Promise<FaultyEnd>;
  /** Restore in this process. */
  restore(changes?: Partial<RestorePostgresRequest>, context?: TestContext): Promise<FaultyEnd>;
  /** Run a task in a process of its own. */
  task(name: string, args: readonly string[]): Promise<FaultyEnd>;
}

/** Rows of every database before its last good backup. */
const rows = 3_000;

const tables = `
  CREATE TABLE kept (id int PRIMARY KEY, text text NOT NULL);
  CREATE TABLE bulk (id int, value bytea);
  ALTER TABLE bulk ALTER value SET STORAGE EXTERNAL;
  INSERT INTO kept SELECT n, md5(n::text) FROM generate_series(1, ${rows}) n;`;

/** What does not get smaller, so that an object of it goes in two parts. */
const bulk = `
  INSERT INTO bulk SELECT n, (SELECT string_agg(sha512((n * 1000 + m)::text::bytea), ''::bytea)
    FROM generate_series(1, 512) m) FROM generate_series(1, 288) n;
  DELETE FROM kept WHERE id % 3 = 0;`;

/** Give a test what all rows share. */
export async function withFaultGround(work: (ground: FaultGround) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/programs`);
    const settings = { log_statement: "none", max_connections: "60", wal_level: "minimal" };
    const options = { settings: { ...settings, max_wal_senders: "0" } };
    await using postgres = await startPostgres(options);
    await using fragile = await startPostgres(options);
    await using minio = await startMinio();
    for (const server of [postgres, fragile]) {
      await sqlAt(server, "postgres", "CREATE DATABASE small");
      await sqlAt(server, "small", tables);
      await sqlAt(server, "postgres", "CREATE DATABASE large TEMPLATE small");
      await sqlAt(server, "large", bulk);
    }
    const identity = await generateIdentity();
    const identityFile = `${folder}/identity.txt`;
    await Deno.writeTextFile(identityFile, `${identity}\n`);
    const programs = await postgresPrograms(`${folder}/programs`);
    const recipient = await identityToRecipient(identity);
    await work({
      postgres,
      fragile,
      minio,
      folder,
      programs,
      recipient,
      identityFile,
      good: new Map(),
    });
  });
}

/** Run statements in a database of a server. */
export async function sqlAt(
  { host, port, user, password }: PostgresProcess,
  database: string,
  statements: string,
): Promise<SqlRow[]> {
  const session = await connectSqlSession(
    { host, port, database, tls: { mode: "disable" } },
    { user, password },
    hostContext(),
  );
  try {
    return await session.query(statements);
  } finally {
    await session.close();
  }
}

/** Give a row its surroundings. */
export async function openFaultWorld(
  ground: FaultGround,
  { name, prefix, isFragile = false, onDisk = false }: {
    name: string;
    prefix: string;
    isFragile?: boolean;
    onDisk?: boolean;
  },
): Promise<FaultWorld> {
  const postgres = isFragile ? ground.fragile : ground.postgres;
  const folder = `${ground.folder}/${prefix}`;
  await Deno.mkdir(folder);
  const s3 = startS3Proxy(ground.minio.endpoint);
  const pg = startPostgresProxy(postgres);
  const disk = onDisk ? await smallDisk({ folder }, "4m") : undefined;
  const url = (endpoint: string) =>
    disk === undefined ? `s3://backups/${prefix}?endpoint=${endpoint}` : `${disk.folder}/store`;
  const env: Record<string, string> = {
    ...ground.minio.env,
    PGPASSWORD: postgres.password,
    SLIPWAY_PG_BIN: ground.programs,
    TMPDIR: folder,
    SLIPWAY_STORE_TIMEOUT_SECONDS: "20",
    SLIPWAY_STORE_RETRY_SECONDS: "20",
  };
  const context: FaultWorld["context"] = (changes) =>
    hostContext({
      cwd: folder,
      env: (name) => world.env[name] ?? Deno.env.get(name),
      ...changes,
    });
  const direct = await openStore(
    url(ground.minio.endpoint),
    hostContext({ env: (name) => env[name] }),
  );
  const connection = () => {
    const { port } = world.viaProxies ? pg : postgres;
    return `postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  };
  const store = () => url(world.viaProxies ? s3.endpoint : ground.minio.endpoint);
  const { recipient, identityFile } = ground;
  const world: FaultWorld = {
    ...{ ground, postgres, name, prefix, folder, s3, pg, direct, env, context },
    viaProxies: false,
    happened: 0,
    from: "latest",
    afterRun: new AsyncDisposableStack(),
    atEnd: new AsyncDisposableStack(),
    sql: (statements, database = name) => sqlAt(postgres, database, statements),
    backUp: (changes = {}, given = context()) =>
      ended(() =>
        backupPostgres({
          ...{ connection: connection(), store: store(), storedAs: "test" },
          ...{ recipient: [recipient], databases: [name], ...changes },
        }, given)
      ),
    restore: (changes = {}, given = context()) =>
      ended(() =>
        restorePostgres({
          ...{ connection: connection(), store: store(), storedAs: "test" },
          ...{ identity: [identityFile], database: name, from: "latest", ...changes },
        }, given)
      ),
    async task(task, args) {
      const options = ["--json", "--connection", connection(), "--store", store()];
      const own = task === "backup_postgres"
        ? ["--recipient", recipient]
        : ["--identity", identityFile, "--yes"];
      const { code, lines, stderr } = await runTask(
        [task, name, ...options, "--stored-as", "test", ...own, ...args],
        { env: world.env },
      );
      const error = lines.find(({ type }) => type === "error");
      return {
        code,
        message: String(error?.["message"] ?? stderr),
        remedy: String(error?.["remedy"] ?? ""),
      };
    },
    async [Symbol.asyncDispose]() {
      direct.close?.();
      await pg[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      await world.atEnd.disposeAsync();
      await disk?.unmount();
    },
  };
  return world;
}

/** An error that nobody threw on purpose is a defect, whatever the row wants. */
async function ended(work: () => Promise<ExitCode>): Promise<FaultyEnd> {
  try {
    return { code: await work(), message: "", remedy: "" };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { code: error.exitCode, message: messageOf(error), remedy: error.remedy ?? "" };
  }
}
