import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { findSources } from "../../lib/flows/backup/sources.ts";
import { withConnection } from "../../lib/postgres/connection.ts";
import { parseDatabaseUrl } from "../../lib/postgres/target.ts";
import { openStore } from "../../lib/store/open.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { type MinioProcess, startMinio } from "../e2e/minio_process.ts";
import { type PostgresProcess, startPostgres } from "../e2e/postgres_process.ts";
import { type HostFolders, startSystemdHost, type SystemdHost, until } from "./systemd_host.ts";

const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const there = {
  project: "/opt/slipway",
  deno: "/usr/local/bin/deno",
  denoDir: "/opt/deno-cache",
  platform: "/etc/slipway/platform.yaml",
  units: "/etc/systemd/system",
  stamps: "/var/lib/systemd/timers",
};

/** Jobs of a host: one that works, one that hangs, one that is refused, and one that is due once a year. */
function platformText(minio: MinioProcess, postgres: PostgresProcess, silentPort: number): string {
  const job = (changes: Record<string, unknown>) => ({
    runsOn: "host",
    task: "backup-postgres",
    schedule: "0 0 1 1 *",
    jitter: "1s",
    deadlineSeconds: 60,
    store: "minio",
    connection: `postgresql://${postgres.user}@${postgres.host}:${postgres.port}/postgres`,
    databases: ["shop"],
    ...changes,
  });
  return JSON.stringify({
    name: "shop",
    domain: "example.org",
    environments: { live: {} },
    backups: {
      unencrypted: "nothing in it is secret",
      notify: { ping: { secret: "notices", key: "ping" } },
      stores: { minio: { bucket: "backups", endpoint: minio.endpoint, secrets: {} } },
      jobs: {
        minutely: job({ schedule: "* * * * *" }),
        yearly: job({}),
        stuck: job({
          deadlineSeconds: 4,
          connection: `postgresql://nobody@127.0.0.1:${silentPort}/postgres`,
        }),
        verify: {
          runsOn: "host",
          task: "verify-backups",
          schedule: "0 0 1 1 *",
          deadlineSeconds: 120,
          store: "minio",
        },
        refused: job({ databases: ["no-such-database"] }),
      },
    },
  });
}

/** All that jobs of a host need, and who is told of them. */
interface Ground {
  folders: HostFolders;
  minio: MinioProcess;
  /** Path and text of each ping, in order. */
  pings: string[];
  folder: string;
}

async function withGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await using minio = await startMinio();
    await using postgres = await startPostgres();
    const { target } = parseDatabaseUrl(`postgresql://${postgres.host}:${postgres.port}/postgres`);
    await withConnection(target, postgres, testContext(), async (connection) => {
      await connection.query("CREATE DATABASE shop");
    });
    const pings: string[] = [];
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    await using checks = Deno.serve(options, async (request) => {
      pings.push(`${new URL(request.url).pathname} ${await request.text()}`);
      return new Response();
    });
    // Takes connections, and never says a word.
    using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const text = platformText(minio, postgres, silent.addr.port);
    const paths = {
      platform: `${folder}/platform.yaml`,
      credentials: `${folder}/credentials`,
      units: `${folder}/units`,
      stamps: `${folder}/stamps`,
    };
    await Deno.writeTextFile(paths.platform, text);
    for (const made of [paths.credentials, paths.units, paths.stamps]) await Deno.mkdir(made);
    const secrets = {
      AWS_ACCESS_KEY_ID: minio.env["AWS_ACCESS_KEY_ID"]!,
      AWS_SECRET_ACCESS_KEY: minio.env["AWS_SECRET_ACCESS_KEY"]!,
      PGPASSFILE: `${postgres.host}:*:*:${postgres.user}:${postgres.password}`,
    };
    for (const [name, value] of Object.entries(secrets)) {
      await Deno.writeTextFile(`${paths.credentials}/${name}`, `${value}\n`, { mode: 0o600 });
    }
    for (const job of ["minutely", "yearly", "stuck", "refused", "verify"]) {
      const own = `${paths.credentials}/${job}`;
      const url = `http://127.0.0.1:${checks.addr.port}/${job}`;
      await Deno.mkdir(own);
      await Deno.writeTextFile(`${own}/SLIPWAY_PING_URL`, url, { mode: 0o600 });
    }
    const { denoDir } = JSON.parse(await denoInfo());
    await work({
      minio,
      pings,
      folder,
      folders: {
        reads: {
          [there.project]: project,
          [there.deno]: await Deno.realPath(Deno.execPath()),
          [there.denoDir]: denoDir,
          [there.platform]: paths.platform,
        },
        keeps: {
          "/etc/slipway/credentials": paths.credentials,
          [there.units]: paths.units,
          [there.stamps]: paths.stamps,
        },
      },
    });
  });
}

async function denoInfo(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return new TextDecoder().decode(stdout);
}

/** Run schedule-backups on a host; what it told. */
async function schedule(host: SystemdHost, ...args: string[]) {
  const printed = await host.output(
    ...["env", `--chdir=${there.project}`, `DENO_DIR=${there.denoDir}`, there.deno],
    ...["task", "-q", "schedule-backups", "--platform", there.platform, "--systemd", "--json"],
    ...["--deno-dir", there.denoDir, ...args],
  );
  const events = printed.trim().split("\n").map((line) => JSON.parse(line));
  const table = events.find(({ type }) => type === "table");
  const summary = events.find(({ type }) => type === "summary");
  return {
    summary,
    row: (job: string) => (table.rows as string[][]).find(([name]) => name === job)!,
  };
}

Deno.test("jobs run on a host by its systemd", async (t) => {
  await withGround(async ({ folders, minio, pings, folder }) => {
    const store = await openStore(
      `s3://backups?endpoint=${minio.endpoint}`,
      testContext({ env: (name) => minio.env[name] }),
    );
    using _closed = { [Symbol.dispose]: () => store.close?.() };
    const failuresOf = (job: string) => pings.filter((ping) => ping.startsWith(`/${job}/fail `));
    const backups = async () => {
      const sources = await findSources(store, { kind: "postgres" }, testContext());
      const listings = sources.map((source) => listBackups(store, source, testContext()));
      return (await Promise.all(listings)).flatMap(({ backups }) => backups);
    };

    {
      await using host = await startSystemdHost(folders);

      await t.step(
        "units are written and their timers wait; a second time nothing is done",
        async () => {
          const { summary, row } = await schedule(host);
          assert.deepEqual([summary.created, summary.writes], [15, 20]);
          assert.equal(row("yearly")[6], "waiting");
          assert.equal((await schedule(host)).summary.writes, 0);
        },
      );

      await t.step(
        "systemd has nothing to say against them, and little is left to take away",
        async () => {
          const names = (await Array.fromAsync(Deno.readDir(`${folder}/units`)))
            .filter(({ isFile }) => isFile).map(({ name }) => `${there.units}/${name}`);
          const { code, stderr } = await host.run("systemd-analyze", "verify", ...names);
          assert.deepEqual([code, stderr], [0, ""]);
          for (const unit of names.filter((name) => name.endsWith(".service"))) {
            await host.output(
              "systemd-analyze",
              "security",
              "--offline=yes",
              "--threshold=20",
              unit,
            );
          }
        },
      );

      await t.step(
        "a run that takes too long is ended, and the failure unit tells of it",
        async () => {
          const { code } = await host.run("systemctl", "start", "slipway-shop-live-stuck.service");
          assert.notEqual(code, 0);
          await until(() => Promise.resolve(failuresOf("stuck").length > 0));
          const [told, ...others] = failuresOf("stuck");
          assert.match(told!, /slipway-shop-live-stuck.service failed: timeout/);
          assert.deepEqual(others, []);
          assert.equal((await schedule(host)).row("stuck")[7], "the last run failed: timeout");
        },
      );

      await t.step("a run that told of its failure itself is not told of twice", async () => {
        await host.run("systemctl", "start", "slipway-shop-live-refused.service");
        await host.logged(/Tell that it failed.*job refused.*(skipped|condition)/i);
        const [told, ...others] = failuresOf("refused");
        assert.match(told!, /There is no database no-such-database/);
        assert.deepEqual(others, []);
        assert.match((await schedule(host)).row("refused")[7]!, /^the last run failed: exit code /);
      });

      await t.step("a timer fires, and its run is a backup", async () => {
        await until(async () => (await backups()).length > 0);
        await host.logged(/Finished .*job minutely/);
        const [, runsOn, , lastRun, , missed, state] = (await schedule(host)).row("minutely");
        assert.deepEqual([runsOn, missed, state], ["host", "0", "ready"]);
        assert.notEqual(lastRun, "never");
      });

      await t.step("what was backed up is restored by a job, which may do as little", async () => {
        const { code } = await host.run("systemctl", "start", "slipway-shop-live-verify.service");
        assert.equal(code, 0, await host.output("journalctl", "-u", "slipway-shop-live-verify"));
        assert.ok((await backups()).some(({ verification }) => verification !== undefined));
      });
    }

    await t.step("a run that was missed while the host was off is made up for", async () => {
      const stamp = `${folder}/stamps/stamp-slipway-shop-live-yearly.timer`;
      const longAgo = new Date("2020-01-01T00:00:00Z");
      await Deno.utime(stamp, longAgo, longAgo);
      const before = (await backups()).length;
      await using host = await startSystemdHost(folders);
      await host.logged(/Finished .*job yearly/);
      assert.ok((await backups()).length > before);
    });
  });
});
