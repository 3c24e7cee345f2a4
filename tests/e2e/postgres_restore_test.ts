import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { runHere } from "../../lib/local/run_program.ts";
import { ExitCode, Interrupted, SlipwayError, UsageError } from "../../lib/core/errors.ts";
import { verifyBackups } from "../../lib/flows/backup/verify.ts";
import { exists } from "../../lib/local/files.ts";
import { openStore } from "../../lib/store/open.ts";
import { fillDatabase } from "../../lib/flows/postgres/fill.ts";
import { chooseDump } from "../../lib/flows/postgres/restore_choice.ts";
import { swapBack, swapIn } from "../../lib/flows/postgres/swap.ts";
import { accessByConnection, accessInPod } from "../../lib/postgres/access.ts";
import { quotedName } from "../../lib/postgres/sql_session.ts";
import { findDebianProgram, initdb } from "./debian_program.ts";
import { type RestoreGround, withRestoreGround } from "./postgres_restore_ground.ts";
import { runTask } from "./task.ts";

const everything = await Deno.readTextFile(new URL("postgres_everything.sql", import.meta.url));
/** A name that a shell, a connection string and SQL would each read otherwise. */
const odd = `--x="y' dbname=z ü`;

/** The last summary of a run. */
function summaryOf({ events }: { events: readonly { type: string }[] }): Record<string, unknown> {
  return (events.findLast(({ type }) => type === "summary") ?? {}) as Record<string, unknown>;
}

/** Paths of all files below a folder. */
async function* walk(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* walk(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

/** What a database had before, which no failure may change. */
async function intact({ sql, origin, databases }: RestoreGround): Promise<void> {
  deepEqual(await sql(origin, "shop", "SELECT count(*) AS count FROM kept"), [{ count: "3" }]);
  const left = (await databases(origin)).filter((name) => /_(restoring|before)_/.test(name));
  deepEqual(left, []);
}

Deno.test("restore-postgres brings back what was backed up", async (t) => {
  await withRestoreGround(async (ground) => {
    const { origin, other, sql, backUp, restore, dump, roles, databases, folder } = ground;

    await t.step(
      "a database with all that Postgres has, on a server without its roles",
      async () => {
        await sql(
          origin,
          "postgres",
          `CREATE DATABASE ${quotedName(odd)} LC_COLLATE 'C' TEMPLATE template0`,
        );
        await sql(origin, odd, everything);
        await sql(
          origin,
          "postgres",
          `ALTER DATABASE ${quotedName(odd)} OWNER TO everything_owner;
        ALTER DATABASE ${quotedName(odd)} SET work_mem = '7MB';
        ALTER DATABASE ${quotedName(odd)} SET default_transaction_read_only = on;
        ALTER DATABASE ${quotedName(odd)} CONNECTION LIMIT 9;
        ALTER ROLE everything_reader IN DATABASE ${quotedName(odd)} SET search_path = app, "a;b";
        REVOKE CONNECT ON DATABASE ${quotedName(odd)} FROM PUBLIC;
        GRANT TEMPORARY ON DATABASE ${quotedName(odd)} TO everything_reader;
        COMMENT ON DATABASE ${quotedName(odd)} IS E'a comment;\\nof "two" lines'`,
        );
        await backUp(odd);
        const run = await restore(
          { database: odd, to: odd, query: "SELECT 1 FROM app.users" },
          other,
        );
        deepEqual((await dump(other, odd)).split("\n"), (await dump(origin, odd)).split("\n"));
        deepEqual(await roles(other), await roles(origin));
        match(await roles(other), /Röle/);
        match(
          String(summaryOf(run)["checks"]),
          /\d+ rows in \d+ tables.*2 large objects.*the query answers/,
        );
        deepEqual(await databases(other), [odd]);
      },
    );

    await t.step("what pgbench made, beside the one that is there", async () => {
      await sql(origin, "postgres", "CREATE DATABASE bench");
      const world = ground.context(origin);
      const { path, env } = await findDebianProgram({ ...initdb, name: "pgbench" });
      const pgbench = await runHere(world)({
        argv: [path, "-i", "-s", "1", "-q", "bench"],
        env: {
          ...env,
          ...{ PGHOST: origin.host, PGPORT: String(origin.port), PGUSER: origin.user },
          PGPASSWORD: origin.password,
        },
      }, world);
      await pgbench.done;
      await pgbench.stdout.cancel();
      const [id] = await backUp("bench");
      const run = await restore({ database: "bench" });
      const { database, restoredBytes } = summaryOf(run);
      match(String(database), /^bench_restored_\d{8}t\d{6}z_[0-9a-f]{6}$/);
      ok(Number(restoredBytes) > 5_000_000);
      const renamed = (await dump(origin, String(database))).replaceAll(String(database), "bench");
      deepEqual(renamed, await dump(origin, "bench"));
      const stored = JSON.parse(
        await Deno.readTextFile(
          `${folder}/store/postgres/standalone/test/bench/${id}.verified.json`,
        ),
      );
      equal(stored.restoredBytes, restoredBytes);
      match(stored.proof, /^100011 rows in 4 tables/);
      await sql(origin, "postgres", `DROP DATABASE ${quotedName(String(database))}`);
    });

    await t.step("one as it was at a time, and none from before all", async () => {
      await sql(origin, "postgres", "CREATE DATABASE shop");
      await sql(origin, "shop", "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)");
      await backUp("shop");
      const between = Temporal.Now.instant();
      await sql(origin, "shop", "INSERT INTO kept VALUES (2), (3)");
      await backUp("shop");
      await restore({ database: "shop", from: between.toString(), to: "early" });
      deepEqual(await sql(origin, "early", "SELECT a FROM kept"), [{ a: "1" }]);
      await sql(origin, "postgres", "DROP DATABASE early");
      await rejects(
        restore({ database: "shop", from: "2020-01-01T00:00Z" }),
        /no backup .* before it/,
      );
      await rejects(restore({ database: "shop", from: "2020-01-01T00:00" }), UsageError);
    });

    await t.step(
      "one table with its partitions, and one schema with what it refers to",
      async () => {
        const run = await restore({ database: odd, table: ["app.events"], to: "part" }, other);
        deepEqual(await sql(other, "part", "SELECT count(*) AS n FROM app.events"), [{ n: "400" }]);
        deepEqual(await sql(other, "part", "SELECT count(*) AS n FROM app.users"), [{ n: "0" }]);
        const notes = run.events.flatMap((event) => event.type === "note" ? [event.message] : []);
        ok(notes.some((note) => /events_user_id_fkey was left out/.test(note)));
        await restore({ database: odd, schema: ["app"], to: "app_only" }, other);
        deepEqual(
          await sql(
            other,
            "app_only",
            "SELECT (SELECT count(*) FROM app.users) AS users, (SELECT count(*) FROM app.child) AS child, " +
              "(SELECT count(*) FROM pg_constraint WHERE conname = 'events_user_id_fkey' AND conparentid = 0) AS reference",
          ),
          [{ users: "500", child: "1", reference: "1" }],
        );
        await rejects(
          restore({ database: odd, table: ["app.nothing"], to: "x" }, other),
          /no table app.nothing/,
        );
        ok(!(await databases(other)).some((name) => /restoring|^x$/.test(name)));
      },
    );

    await t.step(
      "by the programs of the server's own pod, which are given no variables",
      async () => {
        const world = ground.context(other);
        const env = {
          PATH: `${ground.programs}:${Deno.env.get("PATH")}`,
          PGHOST: other.host,
          PGPORT: String(other.port),
          PGPASSWORD: other.password,
        };
        const access = await accessInPod({
          name: "pod shop/db-0",
          run: (program, options) => {
            equal(program.env, undefined);
            return runHere(world)({ ...program, env }, options);
          },
          user: other.user,
          signal: world.signal,
        });
        const store = await openStore(`${folder}/store`, world);
        const identity = [ground.identityFile];
        const place = { scope: "standalone", name: "test" };
        const request = { database: odd, from: "latest", identity };
        const stored = await chooseDump(store, request, place, world);
        const name = `pod ${odd}`;
        await fillDatabase(
          access,
          stored,
          { name, mark: "", owner: true, tablespaces: true },
          world,
        );
        const original = (await dump(origin, odd)).split("\n");
        const found = (await dump(other, name)).replaceAll(name, odd).split("\n");
        deepEqual(
          found.filter((line) => /^COPY/.test(line)),
          original.filter((line) => /^COPY/.test(line)),
        );
      },
    );

    await t.step("verify-backups restores into a server that is gone afterwards", async () => {
      const scratch = `${folder}/scratch`;
      await Deno.mkdir(scratch);
      const world = ground.context(origin);
      const request = { sources: ["postgres/standalone/test"], store: `${folder}/store`, scratch };
      const identity = [ground.identityFile];
      await rejects(verifyBackups(request, world), /no identity is there to decrypt it/);
      const place = `${folder}/store/postgres/standalone/test`;
      const verified = async () => {
        const files = await Array.fromAsync(walk(place));
        return files.filter((name) => name.endsWith(".verified.json"));
      };
      for (const file of await verified()) await Deno.remove(file);
      const query = "SELECT count(*) = 3 FROM kept";
      const ofShop = "postgres/standalone/test/shop";
      const sources = [`postgres/standalone/test/${encodeURIComponent(odd)}`, ofShop];
      equal(
        await verifyBackups({ ...request, sources, identity, query }, world),
        ExitCode.partly,
      );
      deepEqual((await verified()).map((path) => path.split("/").at(-2)), ["shop"]);
      const each = { ...request, sources: [ofShop], identity, all: true };
      equal(await verifyBackups(each, world), ExitCode.done);
      equal((await verified()).length, 2);
      for (const file of await verified()) {
        const { durationMs, target, restoredBytes, checks } = JSON.parse(
          await Deno.readTextFile(file),
        );
        ok(durationMs > 500 && restoredBytes > 1000);
        match(target, /^a throwaway PostgreSQL 15\.\d+$/);
        match(checks.join(), /rows? in \d+ tables?.*large objects?.*constraints? holds?/);
      }
      deepEqual(await Array.fromAsync(Deno.readDir(scratch)), []);
    });

    await t.step(
      "verify-backups that is killed leaves no server, and its data to the next run",
      async () => {
        const scratch = `${folder}/scratch`;
        const args = ["postgres/standalone/test/shop", "--store", `${folder}/store`];
        const options = ["--scratch", scratch, "--identity", ground.identityFile, "--json"];
        const { code } = await runTask(["verify_backups", ...args, ...options], {
          env: { SLIPWAY_PG_BIN: ground.programs },
          killWhen: (line) => line.type === "stage" && /^Compare /.test(String(line["stage"])),
        });
        equal(code, 137);
        const [left] = await Array.fromAsync(Deno.readDir(scratch));
        const lock = `${scratch}/${left!.name}/data/postmaster.pid`;
        for (const deadline = performance.now() + 10_000; await exists(lock);) {
          ok(performance.now() < deadline, "the server is still there");
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const world = ground.context(origin);
        const [source] = args;
        const request = { sources: [source!], store: `${folder}/store`, scratch };
        equal(
          await verifyBackups({ ...request, identity: [ground.identityFile] }, world),
          ExitCode.done,
        );
        ok(
          world.events.some((event) =>
            event.type === "note" && /was killed left/.test(event.message)
          ),
        );
        deepEqual(await Array.fromAsync(Deno.readDir(scratch)), []);
      },
    );
  });
});

Deno.test("restore-postgres takes the place of a database, or leaves it as it is", async (t) => {
  await withRestoreGround(async (ground) => {
    const { origin, other, sql, backUp, restore, databases, folder, context } = ground;
    await sql(origin, "postgres", "CREATE ROLE seller");
    await sql(origin, "postgres", "CREATE DATABASE shop");
    await sql(
      origin,
      "shop",
      "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS a; ALTER TABLE kept OWNER TO seller",
    );
    await sql(origin, "shop", "COMMENT ON DATABASE shop IS 'the shop'; CREATE EXTENSION hstore");
    const [id] = await backUp("shop");
    await sql(origin, "shop", "DELETE FROM kept WHERE a > 3; COMMENT ON DATABASE shop IS 'now'");
    const place = `${folder}/store/postgres/standalone/test/shop/${id}`;

    await t.step("only with its name typed", async () => {
      const asked: (string | undefined)[] = [];
      const confirm = (_: string, typed?: string) => {
        asked.push(typed);
        return Promise.resolve(false);
      };
      await rejects(restore({ database: "shop", replace: true }, origin, { confirm }), Interrupted);
      deepEqual(asked, ["shop"]);
      await rejects(restore({ database: "shop", to: "shop" }), /there is a database of this name/);
      await rejects(restore({ database: "shop", to: "none", replace: true }), /it is not there/);
      await restore({ database: "shop", replace: true, dryRun: true });
      await intact(ground);
    });

    await t.step("not from a backup that was cut off, changed, or says other rows", async () => {
      const object = `${place}.dump.zst.age`;
      const bytes = await Deno.readFile(object);
      const refused = async (what: RegExp) => {
        await rejects(restore({ database: "shop", replace: true }), (error: Error) => {
          match(error.message, what);
          ok(!/generate_series|COPY public/.test(error.message));
          return true;
        });
        await intact(ground);
      };
      const changed = bytes.slice();
      changed[changed.length - 300]! ^= 1;
      await Deno.writeFile(object, changed);
      await refused(/was changed/);
      await Deno.writeFile(object, bytes.subarray(0, -1000));
      await rejects(restore({ database: "shop", replace: true }), /bytes, wanted|no backup/);
      await Deno.writeFile(object, bytes);

      const record = await Deno.readTextFile(`${place}.json`);
      await Deno.writeTextFile(`${place}.json`, record.replace(/("public\.kept": )\d+/, "$119999"));
      await refused(/public\.kept has 20000 rows, wanted 19999/);
      await Deno.writeTextFile(
        `${place}.json`,
        record.replace('"name": "hstore"', '"name": "nowhere"'),
      );
      await refused(/lacks the extension nowhere/);
      await Deno.writeTextFile(`${place}.json`, record);
    });

    await t.step(
      "not when a role lacks, a query does not hold, or somebody cannot be put out",
      async () => {
        await rejects(
          restore({ database: "shop", to: "shop", roles: false }, other),
          (error: SlipwayError) => {
            match(error.message, /role "seller" does not exist/);
            match(error.remedy ?? "", /--no-owner/);
            return true;
          },
        );
        deepEqual(await databases(other), []);
        await restore({ database: "shop", to: "shop", roles: false, owner: false }, other);
        deepEqual(await sql(other, "shop", "SELECT count(*) AS n FROM kept"), [{ n: "20000" }]);

        const wrong = "SELECT count(*) > 20000 FROM kept";
        await rejects(restore({ database: "shop", replace: true, query: wrong }), /it says false/);
        await intact(ground);
        await sql(origin, "shop", "BEGIN; INSERT INTO kept VALUES (0); PREPARE TRANSACTION 'held'");
        await rejects(
          restore({ database: "shop", replace: true }),
          /it has prepared transactions: held/,
        );
        await sql(origin, "shop", "ROLLBACK PREPARED 'held'");
        await intact(ground);
      },
    );

    await t.step("not while another restore of it runs, and not after Ctrl-C", async () => {
      // What the query reads is locked in all databases until the second one was refused.
      const holder = await ground.session(origin, "postgres");
      await holder.query("BEGIN");
      await holder.query("LOCK TABLE pg_shseclabel IN ACCESS EXCLUSIVE MODE");
      const query = "SELECT count(*) >= 0 FROM pg_shseclabel";
      const interruption = new AbortController();
      let second: Promise<unknown> | undefined;
      const emit = (event: { type: string; stage?: string; state?: string }) => {
        if (event.type !== "stage" || !event.stage?.startsWith("Compare ")) return;
        const refused = (wanted: { to: string; replace?: boolean }) =>
          rejects(restore({ database: "shop", ...wanted }), /another restore of it runs/);
        // The second one cannot lock where the others do, since that is what it would rename.
        second ??= refused({ to: "twice" })
          .then(() => refused({ to: "postgres", replace: true }))
          .finally(() => {
            interruption.abort(new Interrupted());
            return holder.close();
          });
      };
      const { signal } = interruption;
      await rejects(restore({ database: "shop", replace: true, query }, origin, { emit, signal }));
      await second;
      ok(second !== undefined);
      await intact(ground);
    });

    await t.step("as it was when the swap itself is taken back", async () => {
      const world = context(origin);
      const target = { host: origin.host, port: origin.port, database: "postgres" };
      const access = await accessByConnection({
        target: { ...target, tls: { mode: "disable" } },
        login: { user: origin.user, password: origin.password },
        files: {},
        ...{ run: runHere(world), env: world.env, redactor: world.redactor, signal: world.signal },
      });
      await sql(origin, "postgres", "CREATE DATABASE fresh");
      const names = { working: "fresh", final: "shop" };
      const before = { name: "aside", mark: "aside" };
      await swapIn(access, {
        ...names,
        before,
        last: [],
        comment: "COMMENT ON DATABASE fresh IS 'new'",
      }, world);
      deepEqual(await databases(origin), ["aside", "shop"]);
      await swapBack(access, { ...names, before: "aside" }, { mark: "unfinished", comment: "now" });
      deepEqual(await databases(origin), ["fresh", "shop"]);
      await sql(origin, "postgres", "DROP DATABASE fresh");
      await intact(ground);
    });

    await t.step("after kill -9 at any moment, and the next run clears up", async () => {
      const moments = ["Restore ", "Gather ", "Put it "];
      for (const moment of moments) {
        const { args, env } = ground.task(["shop", "--replace"]);
        const { code } = await runTask(args, {
          env,
          killWhen: (line) => line.type === "stage" && String(line["stage"]).startsWith(moment),
        });
        equal(code, 137, `not killed at ${moment}`);
        const there = await databases(origin);
        equal(there.filter((name) => !/_(restoring|before)_/.test(name)).join(), "shop", moment);
        const [count] = await sql(origin, "shop", "SELECT count(*) AS n FROM kept");
        ok(["3", "20000"].includes(count!["n"]!), moment);
        if (count!["n"] === "20000") equal(there.filter((name) => /_before_/.test(name)).length, 1);
      }
      const run = await restore({ database: "shop", replace: true, dropOld: true });
      deepEqual(await sql(origin, "shop", "SELECT count(*) AS n FROM kept"), [{ n: "20000" }]);
      deepEqual((await databases(origin)).filter((name) => /_restoring_/.test(name)), []);
      const [comment] = await sql(
        origin,
        "postgres",
        "SELECT shobj_description(oid, 'pg_database') AS text FROM pg_database WHERE datname = 'shop'",
      );
      equal(comment!["text"], "the shop");
      equal(summaryOf(run)["before"], undefined);
    });

    await t.step("with those who use it put out, and the old one kept", async () => {
      for (const name of await databases(origin)) {
        if (/_before_/.test(name)) {
          await sql(origin, "postgres", `DROP DATABASE ${quotedName(name)}`);
        }
      }
      await sql(origin, "shop", "DELETE FROM kept WHERE a > 3");
      let cut = false;
      const user = sql(origin, "shop", "SELECT pg_sleep(60)").catch(() => cut = true);
      const run = await restore({ database: "shop", replace: true });
      await user;
      ok(cut);
      const before = String(summaryOf(run)["before"]);
      match(before, /^shop_before_/);
      deepEqual(await sql(origin, before, "SELECT count(*) AS n FROM kept"), [{ n: "3" }]);
      deepEqual(await sql(origin, "shop", "SELECT count(*) AS n FROM kept"), [{ n: "20000" }]);
    });
  });
});
