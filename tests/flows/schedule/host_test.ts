import assert from "node:assert/strict";
import { credentialVariable, hostCredentials } from "../../../lib/flows/schedule/credentials.ts";
import { scheduleOnHost } from "../../../lib/flows/schedule/host.ts";
import { hostTasks, wantedCredentials } from "../../../lib/flows/schedule/host_tasks.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { backedUpPlatform, sampleBackups, sampleJob } from "../../platform/sample_backups.ts";

const platform = backedUpPlatform(sampleBackups({
  notify: {
    ping: { secret: "notices", key: "ping" },
    pushgateway: "http://push.example.org",
  },
  jobs: {
    here: sampleJob({ runsOn: "host", namespace: undefined, jitter: "1m30s" }),
    there: sampleJob(),
  },
}));

Deno.test("a host's jobs are told which job they are, and find secrets by files", () => {
  const [task, ...others] = hostTasks(
    platform,
    { platform: "shop", deno: "/usr/bin/deno", project: "/opt/slipway" },
    { here: { PGPASSFILE: "/etc/s/PGPASSFILE", AWS_ACCESS_KEY_ID: "/etc/s/AWS_ACCESS_KEY_ID" } },
  );
  assert.deepEqual(others, []);
  assert.deepEqual(task!.argv, [
    ...["/usr/bin/deno", "task", "-q", "backup-mongodb"],
    ...["--platform", "shop", "--env", "test", "--job", "here"],
  ]);
  assert.equal(task!.jitterSeconds, 90);
  const { environment } = task!;
  assert.equal(environment["PGPASSFILE"], "/run/credentials/%n/PGPASSFILE");
  assert.equal(environment["AWS_ACCESS_KEY_ID_FILE"], "/run/credentials/%n/AWS_ACCESS_KEY_ID");
  assert.equal(environment["SLIPWAY_PUSHGATEWAY_URL"], "http://push.example.org");
});

Deno.test("a job that restores what is encrypted wants an identity", () => {
  const job = sampleJob({ task: "verify-backups", runsOn: "host", namespace: undefined });
  const wants = (platform: ReturnType<typeof backedUpPlatform>) =>
    wantedCredentials(platform, job).includes("SLIPWAY_AGE_IDENTITY");
  assert.equal(wants(platform), true);
  assert.equal(wants(backedUpPlatform(sampleBackups({ holders: undefined }))), false);
  assert.ok(!wantedCredentials(platform, sampleJob()).includes("SLIPWAY_AGE_IDENTITY"));
});

Deno.test("a secret is found by its variable: those that hold a path as they are, others by their file", () => {
  assert.equal(credentialVariable("PGPASSFILE"), "PGPASSFILE");
  assert.equal(credentialVariable("KUBECONFIG"), "KUBECONFIG");
  assert.equal(credentialVariable("VAULT_TOKEN"), "VAULT_TOKEN_FILE");
});

Deno.test("a job's own secrets count more than those of all, and other files are none", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/dump`);
    for (const path of ["KEY", "OTHER", "dump/KEY", "readme.txt"]) {
      await Deno.writeTextFile(`${folder}/${path}`, "x", { mode: 0o600 });
    }
    assert.deepEqual(await hostCredentials(folder, "dump"), {
      KEY: `${folder}/dump/KEY`,
      OTHER: `${folder}/OTHER`,
    });
    assert.deepEqual(await hostCredentials(`${folder}/nowhere`, "dump"), {});
  });
});

Deno.test("a secret that others can read is refused, with what to do", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/KEY`, "x");
    await Deno.chmod(`${folder}/KEY`, 0o640);
    await assert.rejects(hostCredentials(folder, "dump"), {
      message:
        `Refused to use ${folder}/KEY: its mode is 640, and others than its owner can read it`,
      remedy: `chmod 600 ${folder}/KEY, and give what was in it a new value`,
    });
  });
});

Deno.test("units are only written where a folder is named; what lacks is told", async () => {
  await withFolder(async (folder) => {
    const context = testContext({ cwd: folder });
    const request = { platform: "shop", folder: "units", credentials: "secrets" };
    await scheduleOnHost(platform, { ...request, dryRun: true }, context);
    await assert.rejects(Deno.stat(`${folder}/units`), Deno.errors.NotFound);
    await scheduleOnHost(platform, request, context);
    const names = (await Array.fromAsync(Deno.readDir(`${folder}/units`)))
      .map(({ name }) => name).sort();
    assert.deepEqual(names, [
      "slipway-demo-test-here-failed.service",
      "slipway-demo-test-here.service",
      "slipway-demo-test-here.timer",
    ]);
    const note = context.events.find(({ type }) => type === "note");
    assert.match(
      JSON.stringify(note),
      /job here will not find AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, SLIPWAY_PING_URL/,
    );
    assert.deepEqual(context.events.at(-1), {
      type: "summary",
      ...{ created: 3, configured: 0, unchanged: 0, pruned: 0, writes: 3 },
    });
    await scheduleOnHost(platform, { ...request, remove: true }, context);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${folder}/units`)), []);
  });
});

Deno.test("a platform without jobs for hosts is told how to have one", async () => {
  const none = backedUpPlatform(sampleBackups({ jobs: { there: sampleJob() } }));
  await assert.rejects(scheduleOnHost(none, { platform: "shop" }, testContext()), {
    message:
      "Cannot schedule backups of demo-test on this host: the platform has no job that runs on a host",
  });
});
