import { deepEqual, equal, ok } from "node:assert/strict";
import { ExitCode } from "../../lib/core/errors.ts";
import { backupPostgres } from "../../lib/flows/postgres/backup.ts";
import { restorePostgres } from "../../lib/flows/postgres/restore.ts";
import { runHere } from "../../lib/local/run_program.ts";
import { connectSqlSession, type SqlRow } from "../../lib/postgres/sql_session.ts";
import { hostContext } from "../context.ts";
import { postgresPrograms } from "../e2e/postgres_programs.ts";
import { type PostgresProcess, startPostgres } from "../e2e/postgres_process.ts";
import { withFolder } from "../folder.ts";
import { regressionTests } from "./postgres_sources.ts";

/** They ask much, and leave nothing that others have not. */
const left = [
  ...["aggregates", "infinite_recurse", "join", "join_hash", "memoize", "partition_join"],
  ...["select_parallel", "tuplesort"],
];

Deno.test("Postgres's own regression database comes back as it was", async () => {
  await withFolder(async (folder) => {
    await using postgres = await startPostgres({
      hba: ["host all all 127.0.0.1/32 trust"],
      settings: { log_statement: "none", max_prepared_transactions: "5", wal_level: "logical" },
    });
    await Deno.mkdir(`${folder}/programs`);
    const programs = await postgresPrograms(`${folder}/programs`);
    const context = hostContext({
      cwd: folder,
      env: (name) => name === "SLIPWAY_PG_BIN" ? programs : Deno.env.get(name),
    });
    const from = { connection: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres` };
    const place = { ...from, store: `${folder}/store`, storedAs: "regression" };

    await makeRegression(postgres, programs, folder);
    const [made] = await ask(postgres, "regression", "SELECT count(*) AS count FROM pg_class");
    ok(Number(made!["count"]) > 1500, `only ${made!["count"]} relations were made`);

    const request = { ...place, databases: ["regression"], unencrypted: true };
    equal(await backupPostgres(request, context), ExitCode.done);
    const restore = { ...place, database: "regression", from: "latest", to: "copy" };
    equal(await restorePostgres(restore, context), ExitCode.done);

    for (const facts of [definitions, rows, sequences]) {
      const wanted = await facts(postgres, "regression", programs);
      ok(wanted.length > 10);
      deepEqual(await facts(postgres, "copy", programs), wanted);
    }
  });
});

/** Run the tests one after the other, as `parallel_schedule` orders them. What fails without its C library is left. */
async function makeRegression(postgres: PostgresProcess, programs: string, folder: string) {
  const tests = await regressionTests();
  await Deno.mkdir(`${folder}/results`);
  await Deno.mkdir(`${folder}/testtablespace`);
  await ask(postgres, "postgres", "CREATE DATABASE regression TEMPLATE template0");
  const schedule = await Deno.readTextFile(`${tests}/parallel_schedule`);
  const names = schedule.split("\n").filter((line) => line.startsWith("test:"))
    .flatMap((line) => line.slice(5).trim().split(/\s+/)).filter((name) => !left.includes(name));
  for (const name of names) {
    await run(postgres, [
      ...[`${programs}/psql`, "-X", "-q", "-d", "regression", "-f", `${tests}/sql/${name}.sql`],
      ...["-v", "HIDE_TABLEAM=on", "-v", "HIDE_TOAST_COMPRESSION=on"],
    ], { PG_ABS_SRCDIR: tests, PG_ABS_BUILDDIR: folder, PG_LIBDIR: folder, PG_DLSUFFIX: ".so" });
  }
}

/** Definitions, in which inherited columns may come in another order. */
async function definitions(postgres: PostgresProcess, database: string, programs: string) {
  const text = await run(postgres, [
    `${programs}/pg_dump`,
    "--schema-only",
    `--dbname=${database}`,
  ]);
  return text.split("\n").filter((line) => !/^(--|\\(un)?restrict )/.test(line))
    .map((line) => line.replace(/,$/, "")).toSorted();
}

/** A sum over all rows of each table, whatever their order. */
async function rows(postgres: PostgresProcess, database: string) {
  const tables = await ask(
    postgres,
    database,
    "SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
      "WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1",
  );
  const sums = tables.map(({ name }) =>
    `SELECT '${name!.replaceAll("'", "''")}' AS name, count(*) AS rows, ` +
    `sum(hashtextextended(to_jsonb(t)::text, 0)::numeric) AS sum FROM ONLY ${name} t`
  );
  return await ask(postgres, database, sums);
}

async function sequences(postgres: PostgresProcess, database: string) {
  return await ask(postgres, database, "SELECT * FROM pg_sequences ORDER BY 1, 2");
}

async function ask(
  { host, port, user, password }: PostgresProcess,
  database: string,
  queries: string | readonly string[],
): Promise<SqlRow[]> {
  const session = await connectSqlSession(
    { host, port, database, tls: { mode: "disable" } },
    { user, password },
    hostContext(),
  );
  try {
    const found: SqlRow[] = [];
    for (const query of [queries].flat()) found.push(...await session.query(query));
    return found;
  } finally {
    await session.close();
  }
}

/** What a program prints, however it ends: some of the tests end with errors, as they should. */
async function run(
  { host, port, user }: PostgresProcess,
  [program, ...args]: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const world = hostContext();
  const { stdout, done } = await runHere(world)({
    argv: [program!, ...args],
    env: {
      ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, LC_ALL: "C", ...env },
      ...{ PGTZ: "PST8PDT", PGDATESTYLE: "Postgres, MDY" },
    },
  }, world);
  const text = await new Response(stdout).text().catch(() => "");
  await done.catch(() => {});
  return text;
}
