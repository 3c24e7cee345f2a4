import assert from "node:assert/strict";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { ClickHouseError } from "../../lib/clickhouse/errors.ts";
import { backupClickHouse } from "../../lib/flows/clickhouse/backup.ts";
import { restoreClickHouse } from "../../lib/flows/clickhouse/restore.ts";
import { openStore } from "../../lib/store/open.ts";
import { type StandIn, standInPassword, startStandIn } from "../clickhouse/stand_in.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { startMinio } from "./minio_process.ts";

const name = "ana'ly`tics %";

interface Ground {
  server: StandIn;
  context: ReturnType<typeof testContext>;
  request: { connection: string; store: string; recipient: string[]; identity: string[] };
  stored(): Promise<string[]>;
}

Deno.test("ClickHouse is backed up by its own BACKUP and restored by its own RESTORE", async (t) => {
  await using minio = await startMinio();
  const identity = await generateX25519Identity();
  const test = async (sentence: string, work: (ground: Ground) => Promise<void>) => {
    await t.step(sentence, () =>
      withFolder(async (folder) => {
        await using server = startStandIn();
        await Deno.writeTextFile(join(folder, "identity"), identity);
        const environment: Record<string, string | undefined> = {
          ...minio.env,
          CLICKHOUSE_USER: "backup",
          CLICKHOUSE_PASSWORD: standInPassword,
        };
        const context = testContext({ env: (name) => environment[name], cwd: folder });
        const store = `s3://backups/${crypto.randomUUID()}?endpoint=${minio.endpoint}`;
        await work({
          server,
          context,
          request: {
            connection: server.url,
            store,
            recipient: [await identityToRecipient(identity)],
            identity: ["identity"],
          },
          async stored() {
            const open = await openStore(store, context);
            try {
              return (await open.list("")).map(({ name }) => name)
                .filter((name) => !/lease\.\d+\.json$/.test(name));
            } finally {
              open.close?.();
            }
          },
        });
      }));
  };

  await test("a database comes back under a new name, with its tables and their rows", async (ground) => {
    const { server, context, request, stored } = ground;
    assert.equal(await backupClickHouse(request, context), 0);
    const names = (await stored()).map((each) => each.replace(/^.*[0-9a-f]{6}\./, ""));
    assert.deepEqual(names.toSorted(), ["archive.zip", "json", "password.age"]);
    await restoreClickHouse(
      { ...request, database: "analytics", from: "latest", to: "again" },
      context,
    );
    assert.deepEqual(server.databases.get("again"), server.databases.get("analytics"));
    const [backup] = server.asked.filter(({ statement }) => statement.startsWith("BACKUP"));
    assert.equal(backup!.settings.get("log_queries"), "0");
    // What is told holds neither the key of the store nor the archive's password.
    const [, password = "none"] = /password = '(.*?)'/.exec(backup!.statement) ?? [];
    const told = JSON.stringify(context.events);
    for (const secret of [password, standInPassword, context.env("AWS_SECRET_ACCESS_KEY")!]) {
      assert.ok(!told.includes(secret));
      assert.match(context.redactor.redact(secret), /^\*+$/);
    }
  });

  await test("BareUptime's job finds all that it needs in its environment", async (ground) => {
    const { server, context, request: { store }, stored } = ground;
    const variables: Record<string, string> = {
      CLICKHOUSE_URL: server.url,
      CLICKHOUSE_DATABASE: "analytics",
    };
    const env = (name: string) => variables[name] ?? context.env(name);
    const request = { platform: "bareuptime", env: "production", job: "backup-clickhouse", store };
    assert.equal(await backupClickHouse(request, { ...context, env }), 0);
    const names = await stored();
    assert.equal(names.length, 3);
    for (const each of names) {
      assert.ok(each.startsWith("clickhouse/bareuptime-production/clickhouse/analytics/"), each);
    }
  });

  await test("names with quotes and percent signs reach ClickHouse and the store as they are", async (ground) => {
    const { server, context, request } = ground;
    server.databases.set("a%b", { engine: "Atomic", tables: { t: { engine: "Log", rows: 1 } } });
    await backupClickHouse({ ...request, databases: ["a%b"] }, context);
    await restoreClickHouse({ ...request, database: "a%b", from: "latest", to: "c%d" }, context);
    assert.deepEqual(server.databases.get("c%d"), server.databases.get("a%b"));
    await assert.rejects(backupClickHouse({ ...request, databases: [name] }, context), {
      message: /Refused to keep an empty backup/,
    });
    const [asked] = server.asked.slice(-1);
    assert.match(asked!.statement, /database = 'ana\\'ly`tics %'/);
  });

  await test("what ClickHouse could not write is no backup, and its words are told", async (ground) => {
    const { server, context, request, stored } = ground;
    server.fault = "backup";
    await assert.rejects(
      backupClickHouse(request, context),
      (error) =>
        error instanceof ClickHouseError && /BACKUP_FAILED: Access Denied/.test(error.message) &&
        /server itself can reach the store/.test(error.remedy ?? ""),
    );
    server.fault = "cut";
    await assert.rejects(backupClickHouse(request, context), {
      message: /has 20 bytes, ClickHouse wrote/,
    });
    server.fault = "forget";
    await assert.rejects(backupClickHouse(request, context), {
      message: /does not know of the operation/,
    });
    assert.deepEqual(await stored(), []);
    delete server.fault;
    await backupClickHouse(request, context);
    assert.equal((await stored()).length, 3);
  });

  await test("a restore that fails leaves what was there, and nothing else", async (ground) => {
    const { server, context, request } = ground;
    await backupClickHouse(request, context);
    const events = server.databases.get("analytics")!.tables["events"]!;
    events.rows = 7;
    const restore = { ...request, database: "analytics", from: "latest" };
    await assert.rejects(restoreClickHouse({ ...restore, to: "analytics" }, context), {
      message: /Refused to restore into the database analytics .* it is there/,
    });
    for (const fault of ["restore", "rows"] as const) {
      server.fault = fault;
      await assert.rejects(restoreClickHouse({ ...restore, replace: true }, context));
      await assert.rejects(restoreClickHouse({ ...restore, to: "again" }, context));
      assert.deepEqual([...server.databases.keys()], ["system", "default", "analytics"]);
      assert.equal(server.databases.get("analytics")!.tables["events"]!.rows, 7);
    }
    delete server.fault;
    await restoreClickHouse({ ...restore, replace: true }, context);
    assert.equal(server.databases.get("analytics")!.tables["events"]!.rows, 1000);
    const [aside] = [...server.databases.keys()].filter((each) => /^analytics_before_/.test(each));
    assert.equal(server.databases.get(aside!)!.tables["events"]!.rows, 7);
  });

  await test("a server that would write keys into its logs is asked for nothing", async (ground) => {
    const { server, context, request } = ground;
    server.version = "22.8.1.1";
    await assert.rejects(backupClickHouse(request, context), {
      message: /it is 22\.8.*wanted 23\.3/,
    });
    assert.ok(!server.asked.some(({ statement }) => statement.startsWith("BACKUP")));
  });

  await test("a wrong password is told without it", async ({ context, request }) => {
    const env = (name: string) => name === "CLICKHOUSE_PASSWORD" ? "wrong-one" : context.env(name);
    await assert.rejects(
      backupClickHouse(request, { ...context, env }),
      (error) =>
        error instanceof ClickHouseError && error.problem === "AUTHENTICATION_FAILED" &&
        !error.message.includes("wrong-one"),
    );
  });

  await test("an interrupted run asks ClickHouse to end what it began", async (ground) => {
    const { server, context, request, stored } = ground;
    const interrupted = new AbortController();
    server.fault = "forget";
    const run = backupClickHouse(request, {
      ...context,
      signal: interrupted.signal,
      emit: (event) => {
        context.emit(event);
        if (event.type === "stage" && event.state === "started") queueMicrotask(watch);
      },
    });
    const watch = () => {
      if (server.asked.some(({ statement }) => statement.includes("FROM system.backups"))) {
        interrupted.abort(new Error("interrupted"));
      } else setTimeout(watch, 5);
    };
    await assert.rejects(run, /interrupted|aborted/);
    assert.ok(
      server.asked.some(({ statement }) => statement.startsWith("KILL QUERY WHERE query_id")),
    );
    assert.deepEqual((await stored()).filter((each) => each.endsWith(".json")), []);
  });
});
