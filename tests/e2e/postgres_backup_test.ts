import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { openPlain } from "../../lib/flows/backup/objects.ts";
import { backupPostgres } from "../../lib/flows/postgres/backup.ts";
import { runHere } from "../../lib/local/run_program.ts";
import type { BackupRecord } from "../../lib/backup/record.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import type { ByteStream } from "../../lib/core/program.ts";
import { accessInPod } from "../../lib/postgres/access.ts";
import { type PostgresBackupDetails, readPostgresDetails } from "../../lib/postgres/details.ts";
import { hasPostgresProblem } from "../../lib/postgres/errors.ts";
import { quotedName, quotedText, type SqlSession } from "../../lib/postgres/sql_session.ts";
import { connectSqlSession } from "../../lib/postgres/sql_session.ts";
import { openStore } from "../../lib/store/open.ts";
import { hostContext, type TestContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { hostileNames } from "./hostile_names.ts";
import { clientsOf, postgresClients } from "./postgres_client.ts";
import { type PostgresProcess, startPostgres } from "./postgres_process.ts";
import { runTask } from "./task.ts";
import { startTcpProxy } from "./tcp_proxy.ts";

interface Ground {
  postgres: PostgresProcess;
  folder: string;
  clients: string;
  identity: string;
  recipient: string;
}

/** One server for all tests; what stores and databases are called keeps them apart. */
async function withGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await using postgres = await startPostgres({
      settings: { max_locks_per_transaction: "1024", log_statement: "none", max_connections: "40" },
    });
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    await Deno.mkdir(`${folder}/clients`);
    const clients = await postgresClients(`${folder}/clients`);
    await work({ postgres, folder, clients, identity, recipient });
  });
}

function contextOf(
  { postgres, clients }: Ground,
  env: Record<string, string> = {},
  signal?: AbortSignal,
): TestContext {
  const given: Record<string, string> = {
    PGPASSWORD: postgres.password,
    SLIPWAY_PG_BIN: clients,
    ...env,
  };
  return hostContext({
    env: (name) => given[name] ?? Deno.env.get(name),
    ...signal === undefined ? {} : { signal },
  });
}

function requestOf(ground: Ground, store: string, port = ground.postgres.port) {
  return {
    connection: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    store: `${ground.folder}/${store}`,
    storedAs: "test",
    recipient: [ground.recipient],
    databases: [] as string[],
  };
}

async function recordsOf(
  ground: Ground,
  store: string,
  item: string,
): Promise<BackupRecord[]> {
  const context = contextOf(ground);
  const opened = await openStore(`${ground.folder}/${store}`, context);
  const source = { kind: "postgres", scope: "standalone", name: "test", item };
  const listing = await listBackups(opened, source, context);
  deepEqual([listing.damaged, listing.foreign], [[], []]);
  return listing.backups.map(({ record }) => record);
}

async function onlyRecord(ground: Ground, store: string, item: string) {
  const records = await recordsOf(ground, store, item);
  equal(records.length, 1);
  return { record: records[0]!, details: readPostgresDetails(records[0]!) };
}

/** What a backup's object has in it. */
async function openBackup(
  { folder, identity, ...ground }: Ground,
  store: string,
  record: BackupRecord,
  suffix: string,
): Promise<ByteStream> {
  const context = contextOf({ folder, identity, ...ground });
  const opened = await openStore(`${folder}/${store}`, context);
  const object = record.objects.find((object) => object.suffix.startsWith(suffix))!;
  const { kind, scope, name, item } = record;
  return await openPlain(
    opened,
    { kind, scope, name, ...item === undefined ? {} : { item } },
    record,
    object,
    { identities: [identity], signal: context.signal },
  );
}

/** A dump as SQL, by the real pg_restore. */
async function sqlOf(
  ground: Ground,
  store: string,
  record: BackupRecord,
  args: string[] = [],
): Promise<string> {
  const { stdout } = await runHere(contextOf(ground))({
    argv: [`${ground.clients}/pg_restore`, "--file=-", ...args],
    stdin: await openBackup(ground, store, record, "dump"),
  }, { signal: new AbortController().signal });
  return await new Response(stdout).text();
}

async function inDatabase<T>(
  { postgres }: Ground,
  database: string,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const { host, port, user, password } = postgres;
  const session = await connectSqlSession(
    { host, port, database, tls: { mode: "disable" } },
    { user, password },
    hostContext(),
  );
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function createDatabase(ground: Ground, name: string, ...sql: string[]): Promise<void> {
  await inDatabase(
    ground,
    "postgres",
    (session) => session.query(`CREATE DATABASE ${quotedName(name)}`),
  );
  await inDatabase(ground, name, async (session) => {
    for (const statement of sql) await session.query(statement);
  });
}

/** Nothing that counts is in a store, and nothing runs any more. */
async function assertNothingLeft(ground: Ground, store: string, item: string): Promise<void> {
  deepEqual(await recordsOf(ground, store, item), []);
  deepEqual(await clientsOf(ground.postgres, "pg_dump"), []);
  const sessions = await inDatabase(ground, "postgres", async (session) => {
    for (let tries = 0; tries < 100; tries++) {
      const rows = await session.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = ${quotedText(item)}`,
      );
      if (rows.length === 0) return rows;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return await session.query("SELECT application_name, state FROM pg_stat_activity");
  });
  deepEqual(sessions, []);
}

Deno.test("backup-postgres", async (t) => {
  await withGround(async (ground) => {
    await t.step(
      "backs up all databases, each with its roles and its rows at one moment",
      () => severalDatabases(ground),
    );
    await t.step("takes any name of databases, tables and roles", () => anyNames(ground));
    await t.step(
      "takes an empty database, and one with large objects",
      () => emptyAndLarge(ground),
    );
    await t.step("takes 10,000 tables", () => manyTables(ground));
    await t.step(
      "takes a row of 200 MB in flat memory",
      () => largeRow(ground),
    );
    await t.step("does the same in the server's own pod", () => byPsql(ground));
    await t.step("leaves no backup when pg_dump is killed", () => killedDump(ground));
    await t.step(
      "leaves no backup when the server goes away, and takes the next one",
      () => serverGone(ground),
    );
    await t.step(
      "refuses a dump that is cut off, though pg_dump says that all went well",
      () => cutOffDump(ground),
    );
    await t.step("refuses an older client, naming what to install", () => olderClient(ground));
    await t.step(
      "names what a role may not read, and what gives it the right",
      () => withoutRights(ground),
    );
    await t.step("leaves the others safe when one database fails", () => oneFails(ground));
    await t.step("waits for no lock for ever", () => lockedTable(ground));
  });
});

async function severalDatabases(ground: Ground): Promise<void> {
  await createDatabase(
    ground,
    "shop",
    "CREATE ROLE shopkeeper LOGIN PASSWORD 'sesame-open'",
    "CREATE TABLE orders (id bigserial PRIMARY KEY)",
    "CREATE TABLE lines (of_order bigint, what text)",
    "CREATE TABLE filler AS SELECT repeat(md5(n::text), 20) AS text FROM generate_series(1, 5000) n",
    "CREATE EXTENSION pg_trgm",
    "ALTER TABLE orders OWNER TO shopkeeper",
  );
  await createDatabase(
    ground,
    "blog",
    "CREATE TABLE posts (id int)",
    "INSERT INTO posts VALUES (1)",
  );
  const context = contextOf(ground);

  const ending = new AbortController();
  let written = 0;
  const writing = inDatabase(ground, "shop", async (session) => {
    while (!ending.signal.aborted) {
      await session.query(
        "WITH o AS (INSERT INTO orders DEFAULT VALUES RETURNING id) " +
          "INSERT INTO lines SELECT id, 'line ' || n FROM o, generate_series(1, 3) n",
      );
      written++;
    }
  });
  while (written < 20) await new Promise((resolve) => setTimeout(resolve, 20));
  try {
    equal(await backupPostgres(requestOf(ground, "all"), context), ExitCode.done);
  } finally {
    ending.abort();
    await writing;
  }

  const { record, details } = await onlyRecord(ground, "all", "shop");
  deepEqual(record.objects.map(({ suffix }) => suffix).toSorted(), [
    "dump.zst.age",
    "globals.sql.zst.age",
  ]);
  const { "public.orders": orders, "public.lines": lines, "public.filler": filler } =
    details.tables;
  ok(orders! >= 20 && orders! < written, `${orders} orders at the snapshot, ${written} at its end`);
  deepEqual([lines, filler], [orders! * 3, 5000]);
  const sql = await sqlOf(ground, "all", record);
  equal(sql.match(/^\d+\tline \d$/gm)?.length, lines);
  deepEqual(details.extensions.map(({ name }) => name), ["pg_trgm", "plpgsql"]);
  deepEqual([details.server.major, details.via, details.encoding, details.owner], [
    15,
    "connection",
    "UTF8",
    "postgres",
  ]);
  const globals = await new Response(await openBackup(ground, "all", record, "globals")).text();
  match(globals, /ALTER ROLE shopkeeper .*PASSWORD 'SCRAM-SHA-256\$/);
  deepEqual(details.globals, { passwords: true });

  deepEqual((await onlyRecord(ground, "all", "blog")).details.tables, { "public.posts": 1 });
  // Nobody has made anything in it.
  deepEqual(await recordsOf(ground, "all", "postgres"), []);
  const told = JSON.stringify(context.events);
  ok(!told.includes(ground.postgres.password) && !told.includes("SCRAM"));
}

async function anyNames(ground: Ground): Promise<void> {
  for (const name of hostileNames) {
    const role = quotedName(name);
    await createDatabase(
      ground,
      name,
      `CREATE ROLE ${role}`,
      `CREATE SCHEMA ${role}`,
      `CREATE TABLE ${role}.${role} (${role} int)`,
      `INSERT INTO ${role}.${role} SELECT generate_series(1, 7)`,
      `ALTER TABLE ${role}.${role} OWNER TO ${role}`,
    );
  }
  const request = { ...requestOf(ground, "hostile"), databases: hostileNames, parallel: 4 };
  equal(await backupPostgres(request, contextOf(ground)), ExitCode.done);
  for (const name of hostileNames) {
    const { record, details } = await onlyRecord(ground, "hostile", name);
    equal(details.database, name);
    deepEqual(Object.values(details.tables), [7]);
    const sql = await sqlOf(ground, "hostile", record);
    match(sql, /^7$/m);
    // As `format('%I.%I')` has it, so do dumps.
    ok(sql.includes(`COPY ${Object.keys(details.tables)[0]} (`), name);
    const globals = await new Response(await openBackup(ground, "hostile", record, "globals"))
      .text();
    ok(
      globals.includes(`CREATE ROLE ${quotedName(name)};`) ||
        globals.includes(`CREATE ROLE ${name};`),
    );
  }
}

async function emptyAndLarge(ground: Ground): Promise<void> {
  await createDatabase(ground, "empty");
  await createDatabase(
    ground,
    "large",
    "SELECT lo_from_bytea(0, decode(repeat('ab', 300000), 'hex')) FROM generate_series(1, 3)",
  );
  const request = { ...requestOf(ground, "special"), databases: ["empty", "large"] };
  equal(await backupPostgres(request, contextOf(ground)), ExitCode.done);
  const empty = await onlyRecord(ground, "special", "empty");
  deepEqual([empty.details.tables, empty.details.largeObjects], [{}, 0]);
  match(await sqlOf(ground, "special", empty.record), /PostgreSQL database dump complete/);
  const large = await onlyRecord(ground, "special", "large");
  equal(large.details.largeObjects, 3);
  equal((await sqlOf(ground, "special", large.record)).match(/lo_open/g)?.length, 3);
}

async function manyTables(ground: Ground): Promise<void> {
  await createDatabase(
    ground,
    "many",
    "DO $$ BEGIN FOR n IN 1..10000 LOOP EXECUTE format('CREATE TABLE t%s (id int)', n); END LOOP; END $$",
    "INSERT INTO t4711 VALUES (1), (2)",
  );
  const request = { ...requestOf(ground, "many"), databases: ["many"] };
  equal(await backupPostgres(request, contextOf(ground)), ExitCode.done);
  const { details } = await onlyRecord(ground, "many", "many");
  equal(Object.keys(details.tables).length, 10_000);
  equal(details.tables["public.t4711"], 2);
}

async function largeRow(ground: Ground): Promise<void> {
  await createDatabase(
    ground,
    "wide",
    "CREATE TABLE wide (value bytea COMPRESSION lz4)",
    "INSERT INTO wide SELECT convert_to(repeat('slipway ', 25 * 1024 * 1024), 'UTF8')",
  );
  const { connection, store, recipient } = requestOf(ground, "wide");
  let peak = 0;
  const outcome = await runTask(
    [
      ...["backup_postgres", "wide", "--json", "--connection", connection, "--store", store],
      ...["--recipient", recipient[0]!, "--stored-as", "test"],
    ],
    {
      env: { PGPASSWORD: ground.postgres.password, SLIPWAY_PG_BIN: ground.clients },
      onLine: () => peak = Math.max(peak, peakOf("backup_postgres.ts")),
    },
  );
  equal(outcome.code, 0, outcome.stderr + outcome.stdout);
  const { record } = await onlyRecord(ground, "wide", "wide");
  ok(record.objects.some(({ plain }) => plain.sizeBytes > 400 * 1024 * 1024));
  // As text, the row alone has 400 MB.
  ok(peak > 0 && peak < 300 * 1024 * 1024, `peak ${Math.round(peak / 2 ** 20)} MiB`);
}

/** Most memory that a child of this process has had, in bytes. Source: proc_pid_status(5), VmHWM. */
function peakOf(script: string): number {
  for (const { name: pid } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      if (!Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(script)) continue;
      const status = Deno.readTextFileSync(`/proc/${pid}/status`);
      if (!status.includes(`\nPPid:\t${Deno.pid}\n`)) continue;
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      // It has ended.
    }
  }
  return 0;
}

async function byPsql(ground: Ground): Promise<void> {
  const { postgres, clients } = ground;
  const run = runHere(contextOf(ground));
  const signal = new AbortController().signal;
  // In a pod, the image has them on its PATH, and its server lets them in.
  const access = await accessInPod({
    name: "pod test/db-0",
    user: "postgres",
    signal,
    run: (program, options) => {
      equal(program.env, undefined);
      const [name, ...args] = program.argv;
      return run({
        ...program,
        argv: [`${clients}/${name}`, ...args],
        env: { PGHOST: postgres.host, PGPORT: `${postgres.port}`, PGPASSWORD: postgres.password },
      }, options);
    },
  });
  const { takeDatabase } = await import("../../lib/flows/postgres/take.ts");
  for (const database of ["shop", hostileNames[1]!, hostileNames[2]!, hostileNames[6]!]) {
    const sizes: number[] = [];
    const details: PostgresBackupDetails = await takeDatabase(
      access,
      { database, encrypted: true },
      {
        signal,
        async write(suffix, plain) {
          const { length } = await new Response(plain).bytes();
          sizes.push(length);
          const measure = { sizeBytes: length, sha256: "" };
          return { suffix, plain: measure, stored: measure };
        },
      },
    );
    equal(details.via, "exec");
    ok(Object.values(details.tables).every((count) => count > 0));
    ok(sizes.length === 2 && sizes.every((size) => size > 500));
  }
  await rejects(access.openSession("nowhere"), (error) => hasPostgresProblem(error, "no-database"));
}

async function killedDump(ground: Ground): Promise<void> {
  await using proxy = startTcpProxy(ground.postgres, { holdAfterBytes: 1024 * 1024 });
  const running = backupPostgres(
    { ...requestOf(ground, "killed", proxy.port), databases: ["shop"] },
    contextOf(ground),
  );
  running.catch(() => {});
  await proxy.held;
  const [pid, ...others] = await clientsOf(ground.postgres, "pg_dump");
  deepEqual(others, []);
  Deno.kill(pid!, "SIGKILL");
  await rejects(running, /pg_dump was ended by SIGKILL/);
  proxy.release();
  await assertNothingLeft(ground, "killed", "shop");
}

async function serverGone(ground: Ground): Promise<void> {
  await using proxy = startTcpProxy(ground.postgres, { holdAfterBytes: 1024 * 1024 });
  const request = { ...requestOf(ground, "gone", proxy.port), databases: ["shop"] };
  const running = backupPostgres(request, contextOf(ground));
  running.catch(() => {});
  await proxy.held;
  proxy.cut();
  proxy.release();
  await rejects(running, (error) => hasPostgresProblem(error, "unreachable"));
  await assertNothingLeft(ground, "gone", "shop");

  const restarted = backupPostgres(requestOf(ground, "gone", 1), contextOf(ground));
  await rejects(restarted, (error) => hasPostgresProblem(error, "unreachable"));
  equal(
    await backupPostgres(
      { ...request, connection: requestOf(ground, "gone").connection },
      contextOf(ground),
    ),
    ExitCode.done,
  );
  await onlyRecord(ground, "gone", "shop");
}

async function cutOffDump(ground: Ground): Promise<void> {
  const folder = `${ground.folder}/cutting`;
  await Deno.mkdir(folder);
  for (const name of ["pg_dump", "pg_dumpall", "pg_restore"]) {
    const real = `'${ground.clients}/${name}'`;
    await Deno.writeTextFile(
      `${folder}/${name}`,
      name === "pg_dump"
        ? `#!/bin/sh\n[ "$1" = --version ] && exec ${real} "$1"\n${real} "$@" | head -c 200000\n`
        : `#!/bin/sh\nexec ${real} "$@"\n`,
      { mode: 0o755 },
    );
  }
  const context = contextOf(ground, { SLIPWAY_PG_BIN: folder });
  const request = { ...requestOf(ground, "cut"), databases: ["shop"] };
  await rejects(backupPostgres(request, context), {
    message:
      /^Refused the dump of the database shop at .*: it ended before the data of \d of 3 things/,
  });
  await assertNothingLeft(ground, "cut", "shop");
}

async function olderClient(ground: Ground): Promise<void> {
  const folder = `${ground.folder}/older`;
  await Deno.mkdir(folder);
  for (const name of ["pg_dump", "pg_dumpall", "pg_restore"]) {
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\necho "${name} (PostgreSQL) 14.9"\n`, {
      mode: 0o755,
    });
  }
  const context = contextOf(ground, { SLIPWAY_PG_BIN: folder });
  await rejects(backupPostgres(requestOf(ground, "older"), context), {
    message: new RegExp(`PostgreSQL 15 or newer: found only 14.9 in ${folder}`),
    remedy: /install the package postgresql-client-15.*--via exec/,
  });
}

async function withoutRights(ground: Ground): Promise<void> {
  await inDatabase(ground, "shop", async (session) => {
    await session.query("CREATE ROLE reader LOGIN PASSWORD 'read-only-secret'");
    await session.query("GRANT SELECT ON lines TO reader");
  });
  const request = {
    ...requestOf(ground, "rights"),
    connection: `postgresql://reader@127.0.0.1:${ground.postgres.port}/shop`,
    databases: ["shop"],
  };
  const context = () => contextOf(ground, { PGPASSWORD: "read-only-secret" });
  await rejects(backupPostgres(request, context()), {
    message: /reader has no right to public.filler, public.orders, public.orders_id_seq/,
    remedy: /GRANT pg_read_all_data TO "reader"/,
  });
  await inDatabase(ground, "shop", async (session) => {
    await session.query("GRANT pg_read_all_data TO reader");
    await session.query("ALTER TABLE lines ENABLE ROW LEVEL SECURITY");
  });
  await rejects(backupPostgres(request, context()), {
    message: /row security hides rows of public.lines from reader/,
    remedy: /ALTER ROLE "reader" BYPASSRLS/,
  });
  await inDatabase(
    ground,
    "shop",
    (session) => session.query("ALTER TABLE lines DISABLE ROW LEVEL SECURITY"),
  );
  equal(await backupPostgres(request, context()), ExitCode.done);
  const { record, details } = await onlyRecord(ground, "rights", "shop");
  deepEqual(details.globals, { passwords: false });
  const globals = await new Response(await openBackup(ground, "rights", record, "globals")).text();
  match(globals, /CREATE ROLE shopkeeper/);
  ok(!globals.includes("SCRAM"));
  await rejects(
    backupPostgres(request, contextOf(ground, { PGPASSWORD: "wrong" })),
    (error) => hasPostgresProblem(error, "wrong-password"),
  );
}

async function oneFails(ground: Ground): Promise<void> {
  const context = contextOf(ground);
  const request = { ...requestOf(ground, "partly"), databases: ["shop", "shopp", "blog"] };
  equal(await backupPostgres(request, context), ExitCode.partly);
  await onlyRecord(ground, "partly", "shop");
  await onlyRecord(ground, "partly", "blog");
  const note = context.events.find((event) =>
    event.type === "note" && event.message.includes("There is no database shopp")
  );
  notEqual(note, undefined);
  deepEqual((note as { remedy?: string }).remedy, "did you mean shop?");
}

async function lockedTable(ground: Ground): Promise<void> {
  const request = { ...requestOf(ground, "locked"), databases: ["blog"], lockTimeout: 200 };
  await inDatabase(ground, "blog", async (session) => {
    await session.query("BEGIN");
    await session.query("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE");
    await rejects(
      backupPostgres(request, contextOf(ground)),
      (error) => hasPostgresProblem(error, "locked"),
    );
  });
  await assertNothingLeft(ground, "locked", "blog");
}

Deno.test("backup-postgres verifies the server as its URL says, and uses sockets, with session and pg_dump alike", async () => {
  await withFolder(async (folder) => {
    const socket = `${folder}/socket`;
    await Deno.mkdir(socket);
    // The server is somebody else, and so may anybody be who comes by it.
    for (const path of [folder, socket]) await Deno.chmod(path, 0o777);
    await using postgres = await startPostgres({
      tlsNames: ["db.example.org"],
      hba: ["hostssl all all 127.0.0.1/32 scram-sha-256", "local all all trust"],
      settings: { unix_socket_directories: socket },
    });
    await Deno.writeTextFile(`${folder}/ca.pem`, postgres.caCert!);
    const clients = await postgresClients(`${folder}/socket`);
    const variables: Record<string, string> = { SLIPWAY_PG_BIN: clients };
    const backUp = (url: string, env: Record<string, string>) =>
      backupPostgres({
        connection: `postgresql://postgres@${url}`,
        ...{
          store: `${folder}/store`,
          storedAs: "tls",
          unencrypted: true,
          databases: ["postgres"],
        },
      }, hostContext({ cwd: folder, env: (name) => ({ ...variables, ...env })[name] }));

    const password = { PGPASSWORD: postgres.password };
    const tls = "sslmode=verify-full&sslrootcert=ca.pem";
    for (const host of ["127.0.0.1", "localhost"]) {
      const url = `${host}:${postgres.port}/postgres?${tls}`;
      equal(await backUp(`${url}&sslservername=db.example.org`, password), ExitCode.done);
      await rejects(
        backUp(`${url}&sslservername=other.example.org`, password),
        (error) => hasPostgresProblem(error, "other-name"),
      );
    }
    const unknown = `localhost:${postgres.port}/postgres?sslmode=verify-full`;
    await rejects(backUp(unknown, password), (error) => hasPostgresProblem(error, "unknown-ca"));
    const open = `localhost:${postgres.port}/postgres?sslmode=disable`;
    await rejects(backUp(open, password), (error) => hasPostgresProblem(error, "tls-required"));
    equal(
      await backUp(`${encodeURIComponent(socket)}:${postgres.port}/postgres`, {}),
      ExitCode.done,
    );
  });
});
