import assert from "node:assert/strict";
import { join } from "node:path";
import { makeCertificate } from "../../lib/core/certificate.ts";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { ObjectRef } from "../../lib/core/object.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { listBackupsTask } from "../../lib/flows/backup/list_task.ts";
import { tellBackups } from "../../lib/flows/backup/status.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { hostTasks } from "../../lib/flows/schedule/host_tasks.ts";
import { connectSqlSession, type SqlRow } from "../../lib/postgres/sql_session.ts";
import type { PostgresTls } from "../../lib/postgres/target.ts";
import { hostContext, testContext } from "../context.ts";
import { standInPassword, startStandIn } from "../clickhouse/stand_in.ts";
import { withFolder } from "../folder.ts";
import { find } from "../manifests/find.ts";
import { writeMongodbTools } from "../mongodb/stand_in_tools.ts";
import { startMinio } from "./minio_process.ts";
import { postgresClients } from "./postgres_client.ts";
import { startPostgres } from "./postgres_process.ts";
import { renderedJob, runJob, type Secrets } from "./rendered_job.ts";

// Addresses of this process alone, so that everything can have the port that it has in a cluster.
const own = `127.${64 + Deno.pid % 128}.${(Deno.pid >> 7) % 256}`;
const addresses = { postgres: `${own}.1`, minio: `${own}.2` };
const identities = "manifests/example-identities.txt";

/** A certificate's authority, and what it signed. */
async function certificates(serverNames: readonly string[]) {
  const notBefore = Temporal.Now.instant().subtract({ minutes: 1 });
  const times = { notBefore, notAfter: notBefore.add({ hours: 24 }) };
  const authority = await makeCertificate({ commonName: "pki", ...times });
  const [server, client] = await Promise.all([
    makeCertificate({ commonName: serverNames[0]!, serverNames, ...times }, authority),
    makeCertificate({ commonName: "backup", purpose: "client", ...times }, authority),
  ]);
  return { authority, server, client };
}

Deno.test("the platforms' backup jobs do what they are declared for", async (t) => {
  const { authority, server, client } = await certificates(["postgresql", "postgres"]);
  const { manifests: viking, platform } = await renderPlatform(
    { platform: "vikingthedev", env: "prod" },
    { cwd: Deno.cwd() },
  );
  await withFolder(async (folder) => {
    const file = async (name: string, text: string) => {
      await Deno.writeTextFile(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const rules = find(viking, "ConfigMap", "homepage-prod/postgresql-config").data["pg_hba.conf"];
    await using postgres = await startPostgres({
      // Here everybody comes from the addresses that in a pod are its own.
      hba: rules.split("\n").filter((line: string) => line.startsWith("hostssl ")),
      settings: {
        listen_addresses: addresses.postgres,
        port: "5432",
        ssl: "on",
        ssl_ca_file: await file("ca.crt", authority.cert),
        ssl_cert_file: await file("server.crt", server.cert),
        ssl_key_file: await file("server.key", server.key),
      },
    });
    await using minio = await startMinio({
      listen: { host: addresses.minio, port: 9000 },
      buckets: [
        "postgres-backups",
        "vikingthedev-backups",
        "bareuptime-backups",
        "mongodb-backups",
        "glucosync-backups",
      ],
    });
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = minio.env;
    const keys = {
      AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID!,
      AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY!,
    };
    const tls: PostgresTls = { mode: "require", ...client };
    const query = async (database: string, sql: string): Promise<SqlRow[]> => {
      const session = await connectSqlSession(
        { host: addresses.postgres, port: 5432, database, tls },
        postgres,
        { redactor: createRedactor() },
      );
      try {
        return await session.query(sql);
      } finally {
        await session.close();
      }
    };
    const secrets: Secrets = {
      postgresql: { PGUSER: postgres.user, PGPASSWORD: postgres.password },
      "backup-postgres-tls": {
        "tls.crt": client.cert,
        "tls.key": client.key,
        "ca.crt": authority.cert,
      },
      "minio-backups": keys,
      "offsite-backups": keys,
    };
    const hosts = await file(
      "hosts",
      [
        "127.0.0.1 localhost",
        `${addresses.postgres} postgresql postgres`,
        `${addresses.minio} minio.homepage-prod.svc minio.glucosync-storage.svc`,
        "",
      ].join("\n"),
    );
    await Deno.mkdir(join(folder, "bin"));
    const image = {
      SLIPWAY_PG_BIN: await postgresClients(join(folder, "bin")),
      // The stores of clouds are those of their providers; these have them here.
      AWS_ENDPOINT_URL_S3: minio.endpoint,
    };
    const run = async (process: Parameters<typeof runJob>[0]) => {
      const { code, output } = await runJob(process, { hosts, image });
      assert.equal(code, 0, `${process.argv.join(" ")}\n${output}`);
      for (const secret of [postgres.password, keys.AWS_SECRET_ACCESS_KEY]) {
        assert.ok(!output.includes(secret), "a secret is told");
      }
      return output;
    };
    const job = async (name: string) =>
      await run(await renderedJob(viking, `homepage-prod/${name}`, { secrets, folder }));
    const task = async (
      name: string,
      args: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ) =>
      await run({
        argv: ["deno", "task", "-q", name, "--platform", "vikingthedev", "--env", "prod", ...args],
        env: { ...keys, HOME: folder, ...env },
      });

    await query("postgres", "CREATE DATABASE homepage");
    await query(
      "homepage",
      "CREATE TABLE visits AS SELECT n AS id, md5(n::text) AS page FROM generate_series(1, 5000) n",
    );

    await t.step("VikingTheDev's Postgres is dumped with a certificate alone", async () => {
      const bare = { ...secrets, "backup-postgres-tls": { "ca.crt": authority.cert } };
      const { argv, env } = await renderedJob(viking, "homepage-prod/backup-postgres", {
        ...{ secrets: bare, folder: join(folder, "bare") },
      });
      const { PGSSLCERT: _cert, PGSSLKEY: _key, ...anonymous } = env;
      const [refused, far] = await Promise.all([
        runJob({ argv: [...argv, "--store", folder], env: anonymous }, { hosts, image }),
        job("backup-postgres-offsite"),
      ]);
      const near = await job("backup-postgres");
      assert.equal(refused.code, 1, refused.output);
      assert.match(refused.output, /certificate/);
      for (const output of [near, far]) assert.match(output, /homepage/);
    });

    await t.step(
      "its dumps are copied, and one is verified as on the owner's machine",
      async () => {
        const from = Object.fromEntries(
          Object.entries(keys).map(([name, value]) => [`FROM_${name}`, value]),
        );
        const copied = await task("copy-backups", ["--from", "minio", "--to", "offsite"], from);
        assert.match(copied, /copied 1/);
        const credentials = {
          ...keys,
          SLIPWAY_AGE_IDENTITY: await Deno.readTextFile(identities),
        };
        for (const [name, text] of Object.entries(credentials)) await file(name, text);
        const [verify] = hostTasks(platform, {
          ...{ platform: "vikingthedev", deno: Deno.execPath(), project: Deno.cwd() },
        }, {
          "verify-backups": Object.fromEntries(
            Object.keys(credentials).map((name) => [name, join(folder, name)]),
          ),
        });
        const env = Object.fromEntries(
          Object.entries(verify!.environment).map(([name, value]) => [
            name,
            value.replace("/run/credentials/%n", folder).replace(/^%[A-Z]/, folder),
          ]),
        );
        delete env["DENO_DIR"];
        const verified = await run({ argv: verify!.argv, env });
        assert.match(verified, /restored/);
      },
    );

    await t.step("status tells of each, and of the store that only pods reach", async () => {
      const variables: Record<string, string> = { ...image, SLIPWAY_STORE_RETRY_SECONDS: "1" };
      const context = hostContext({ env: (name) => variables[name] ?? Deno.env.get(name) });
      const session = { client: clusterWith(secrets), embedded: false };
      assert.equal(await tellBackups(platform, session, [], context), false);
      const [near, far, vault] = context.events
        .flatMap((event) => event.type === "table" ? event.rows : []);
      assert.deepEqual(near!.toSpliced(3, 5), [
        ...["postgres postgresql/homepage", "backup-postgres", "minio", "unknown"],
        "the store minio was not read",
      ]);
      assert.match(
        far!.join(" | "),
        /offsite \| .* ago \| .*KiB \| .* ago, in .* \| about .*ready/,
      );
      assert.deepEqual([vault![0], vault![8]], ["vaults/vault", "none"]);
      assert.match(JSON.stringify(context.events), /list-backups --store minio --endpoint/);
    });

    await t.step(
      "the homepage is restored beside itself, and what is kept no longer goes",
      async () => {
        const { env } = await renderedJob(viking, "homepage-prod/backup-postgres-offsite", {
          ...{ secrets, folder },
        });
        const args = ["--server", "postgresql", "--store", "offsite", "--to", "homepage_again"];
        await task("restore-postgres", ["homepage", ...args, "--identity", identities], env);
        const all = "SELECT count(*), md5(string_agg(page, ',' ORDER BY id)) FROM visits";
        assert.deepEqual(await query("homepage_again", all), await query("homepage", all));
        const pruned = await task("prune-backups", ["--store", "offsite"]);
        assert.match(pruned, / keep +newest; newest verified; /);
        assert.match(pruned, / removed +daily .* has a later one/);
      },
    );

    await t.step(
      "BareUptime's Postgres and ClickHouse, and GlucoSync's MongoDB, are backed up",
      async () => {
        await using clickhouse = startStandIn();
        const mongodb = {
          users: { backup: "secret" },
          databases: { app: { o: ["1"] } },
          oplog: [],
        };
        const tools = join(folder, "mongodb");
        await Deno.mkdir(tools);
        await writeMongodbTools(tools, await file("mongodb.json", JSON.stringify(mongodb)));
        const of: Secrets = {
          "backup-store": keys,
          "object-store": keys,
          "backups-near": keys,
          "backups-offsite": keys,
          "database-credentials": {
            PGUSER: postgres.user,
            PGPASSWORD: postgres.password,
            PGDATABASE: "homepage",
            POSTGRES_CA_CERTIFICATE: authority.cert,
          },
          "clickhouse-credentials": {
            CLICKHOUSE_USER: "backup",
            CLICKHOUSE_PASSWORD: standInPassword,
            CLICKHOUSE_DATABASE: "analytics",
          },
          "backup-mongodb": {
            MONGODB_URI: "mongodb://backup:secret@mongodb-client:27017/admin?replicaSet=rs0",
          },
        };
        const other = async (platform: string, name: string, args: readonly string[] = []) => {
          const wanted = { platform, env: "production" };
          const { manifests } = await renderPlatform(wanted, { cwd: Deno.cwd() });
          const { argv, env } = await renderedJob(manifests, name, { secrets: of, folder });
          return await run({
            argv: [...argv, ...args],
            env: { SLIPWAY_MONGODB_BIN: tools, ...env },
          });
        };
        // BareUptime's server asks nobody for a certificate, and shows one of its own authority.
        await postgres.setHba(["hostssl all all all scram-sha-256"]);
        const [dumped, archived] = await Promise.all([
          other("bareuptime", "bareuptime-backend/backup-postgres"),
          // Its addresses are no names that could lead here.
          other("bareuptime", "bareuptime-backend/backup-clickhouse", [
            ...["--connection", clickhouse.url],
          ]),
        ]);
        assert.match(dumped, /bareuptime-production\/postgres\/homepage/);
        assert.match(archived, /bareuptime-production\/clickhouse\/analytics/);
        assert.match(
          await other("glucosync", "glucosync-data/backup-mongodb"),
          /mongodb glucosync-production\/mongodb/,
        );
        const copied = await other("glucosync", "glucosync-storage/copy-backups");
        assert.match(copied, /copied 1/);
      },
    );
  });
});

Deno.test("list-backups says what backs up a platform that has no jobs of its own", async () => {
  const told = async (platform: string) => {
    const context = testContext({ cwd: Deno.cwd() });
    assert.equal(await listBackupsTask({ platform, env: "prod", sources: [] }, context), 0);
    const [first] = context.events;
    return first?.type === "note" ? first.message : first;
  };
  assert.equal(
    await told("monobase"),
    "monobase.prod is backed up by backups.velero.schedules.monobase-prod",
  );
  assert.equal(
    await told("ontu-schedule"),
    "nothing backs up ontu-schedule.prod: its platform declares no backups",
  );
});

/** A cluster that has these Secrets, whatever their namespace. */
function clusterWith(secrets: Secrets): ClusterClient {
  const get = ({ kind, name }: ObjectRef) => {
    const values = Object.entries(secrets[name] ?? {});
    const data = Object.fromEntries(values.map(([key, value]) => [key, btoa(value)]));
    return Promise.resolve(kind === "Secret" && values.length > 0 ? { data } : undefined);
  };
  return { get } as unknown as ClusterClient;
}
