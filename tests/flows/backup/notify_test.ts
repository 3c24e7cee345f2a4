import assert from "node:assert/strict";
import type { ListedBackup } from "../../../lib/backup/listing.ts";
import type { BackupRecord } from "../../../lib/backup/record.ts";
import { SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import {
  type NotifiedBackup,
  notifyRun,
  readNotifySettings,
  type RunReport,
} from "../../../lib/flows/backup/notify.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { startReceiver } from "../../notify/receiver.ts";

const now = Temporal.Instant.from("2026-11-21T03:05:00Z");
const startedAt = Temporal.Instant.from("2026-11-21T03:00:00Z");

function listed(item: string, createdAt: string, verifiedAt?: string): ListedBackup {
  const id = `${createdAt}-${item}`;
  const record: BackupRecord = {
    ...{ format: 1, kind: "postgres", scope: "shop-test", name: "main", item, id, createdAt },
    ...{ durationMs: 200_000, tool: "slipway 1", recipients: [], details: {} },
    objects: [{
      suffix: "dump.age",
      plain: { sizeBytes: 2 ** 30, sha256: "" },
      stored: { sizeBytes: 2 ** 28, sha256: "" },
    }],
  };
  if (verifiedAt === undefined) return { record };
  const proof = { id, verifiedAt, durationMs: 90_000, target: "t", proof: "p" };
  return { record, verification: proof };
}

function backup(item: string, backups: ListedBackup[], changes: Partial<NotifiedBackup> = {}) {
  return {
    source: { kind: "postgres", scope: "shop-test", name: "main", item },
    label: `database ${item} at db:5432`,
    listing: { backups },
    ...changes,
  };
}

const good = listed("shop", "2026-11-21T03:00:00Z");
const shop = backup("shop", [
  good,
  listed("shop", "2026-11-14T03:00:00Z", "2026-11-15T04:10:11Z"),
  listed("shop", "2026-11-13T03:00:00Z", "2026-11-14T04:10:11Z"),
], { record: good.record });
const billing = backup("billing", [listed("billing", "2026-11-20T03:00:00Z")], {
  error: new SlipwayError("permission denied for table invoices, asked with pAsSwOrD", {
    remedy: "GRANT SELECT to backup",
  }),
});

const report = (changes: Partial<RunReport>): RunReport => ({
  ...{ task: "backup-postgres", job: "dump", state: "success", startedAt, backups: [shop] },
  ...changes,
});

function context() {
  const redactor = createRedactor();
  redactor.add("pAsSwOrD");
  return testContext({ now: () => now, redactor, random: () => 1 });
}

Deno.test("a check is pinged when a run begins and when it has ended, under one id", async () => {
  await using receiver = startReceiver();
  const settings = { ping: `${receiver.url}/ping/abc/?create=1` };
  const partly = report({ state: "partly", backups: [shop, billing] });
  for (const each of [report({ state: "start" }), report({}), partly]) {
    await notifyRun(settings, each, context());
  }
  const rid = /rid=([0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/
    .exec(receiver.told[0]!.path)?.[1];
  assert.ok(rid);
  assert.deepEqual(receiver.told.map(({ path }) => path), [
    `/ping/abc/start?create=1&rid=${rid}`,
    `/ping/abc/?create=1&rid=${rid}`,
    `/ping/abc/fail?create=1&rid=${rid}`,
  ]);
  assert.equal(
    receiver.told[2]!.body,
    [
      "backup-postgres (dump): 1 of 2 FAILED, the others are done",
      "database billing at db:5432: FAILED: permission denied for table invoices, asked with ******** (GRANT SELECT to backup); last backup 2026-11-20 03:00 UTC, never restored",
      "database shop at db:5432: 1 GiB in 3 min 20 s; last backup 2026-11-21 03:00 UTC, last restored successfully 2026-11-15 04:10 UTC",
    ].join("\n"),
  );
});

Deno.test("webhook and Slack hear of the end of a run, and never of a secret", async () => {
  await using receiver = startReceiver();
  const settings = { webhook: `${receiver.url}/hook`, slack: `${receiver.url}/slack` };
  await notifyRun(settings, report({ state: "start" }), context());
  assert.equal(receiver.told.length, 0);

  const failed = report({
    state: "fail",
    backups: [billing],
    error: new SlipwayError("the store <s3://b> & its key are gone"),
  });
  await notifyRun(settings, failed, context());
  const [hook, slack] = ["/hook", "/slack"].map((path) =>
    JSON.parse(receiver.told.find((told) => told.path === path)!.body)
  );
  assert.match(
    slack.text,
    /^backup-postgres \(dump\): FAILED\nthe store &lt;s3:\/\/b&gt; &amp; its/,
  );
  assert.deepEqual(
    [hook.format, hook.task, hook.job, hook.state, hook.startedAt, hook.endedAt, hook.error],
    [
      ...[1, "backup-postgres", "dump", "fail", "2026-11-21T03:00:00Z", "2026-11-21T03:05:00Z"],
      "the store <s3://b> & its key are gone",
    ],
  );
  assert.deepEqual(hook.backups, [{
    ...{ kind: "postgres", scope: "shop-test", name: "main", item: "billing" },
    ...{ label: "database billing at db:5432", state: "failed" },
    error: "permission denied for table invoices, asked with ********",
    remedy: "GRANT SELECT to backup",
    lastBackup: {
      id: "2026-11-20T03:00:00Z-billing",
      createdAt: "2026-11-20T03:00:00Z",
    },
  }]);
});

Deno.test("what cannot be told is a warning, and keeps nobody else from being told", async () => {
  await using deaf = startReceiver(() => new Response("", { status: 410 }));
  await using receiver = startReceiver();
  const told = context();
  await notifyRun(
    {
      ...{ ping: `${deaf.url}/sEcReT`, webhook: receiver.url, metricsFile: "/dev/null/x.prom" },
    },
    report({}),
    told,
  );
  assert.equal(receiver.told.length, 1);
  const notes = told.events.map((event) => event.type === "note" ? event : assert.fail());
  assert.deepEqual(notes.map(({ level }) => level), ["warning", "warning"]);
  assert.ok(notes.every(({ remedy }) => remedy !== undefined));
  assert.ok(!JSON.stringify(notes).includes("sEcReT"));
});

Deno.test("a run that was interrupted still tells that it failed", async () => {
  await using receiver = startReceiver();
  const interrupted = { ...context(), signal: AbortSignal.abort() };
  await notifyRun({ ping: receiver.url }, report({ state: "fail" }), interrupted);
  assert.match(receiver.told[0]!.path, /^\/fail\?/);
});

Deno.test("the metrics of one run stay when another writes to the same file", () =>
  withFolder(async (folder) => {
    const settings = { metricsFile: `${folder}/slipway.prom` };
    await Promise.all([
      notifyRun(settings, report({}), context()),
      notifyRun(settings, report({ task: "backup-vault", backups: [billing] }), context()),
      notifyRun(settings, report({ state: "start", task: "never" }), context()),
    ]);
    const lines = (await Deno.readTextFile(settings.metricsFile)).split("\n")
      .filter((line) => !line.startsWith("#")).toSorted();
    const of = (item: string, task?: string) =>
      `{kind="postgres",scope="shop-test",name="main",item="${item}"${
        task === undefined ? "" : `,task="${task}"`
      }}`;
    const at = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds / 1_000;
    assert.deepEqual(
      lines.filter((line) => line !== ""),
      [
        `slipway_backup_duration_seconds${of("billing")} 200`,
        `slipway_backup_duration_seconds${of("shop")} 200`,
        `slipway_backup_last_exit_code${of("billing", "backup-vault")} 1`,
        `slipway_backup_last_exit_code${of("shop", "backup-postgres")} 0`,
        `slipway_backup_last_run_timestamp_seconds${of("billing", "backup-vault")} ${
          at(now.toString())
        }`,
        `slipway_backup_last_run_timestamp_seconds${of("shop", "backup-postgres")} ${
          at(now.toString())
        }`,
        `slipway_backup_last_success_timestamp_seconds${of("billing")} ${
          at("2026-11-20T03:00:00Z")
        }`,
        `slipway_backup_last_success_timestamp_seconds${of("shop")} ${at("2026-11-21T03:00:00Z")}`,
        `slipway_backup_last_verified_timestamp_seconds${of("billing")} 0`,
        `slipway_backup_last_verified_timestamp_seconds${of("shop")} ${at("2026-11-15T04:10:11Z")}`,
        `slipway_backup_restore_duration_seconds${of("shop")} 90`,
        `slipway_backup_size_bytes${of("billing")} ${2 ** 28}`,
        `slipway_backup_size_bytes${of("shop")} ${2 ** 28}`,
      ].toSorted(),
    );
  }));

Deno.test("a run that could not read the store leaves what is known of its backups", () =>
  withFolder(async (folder) => {
    const settings = { metricsFile: `${folder}/slipway.prom` };
    await notifyRun(settings, report({}), context());
    const { listing: _, record: __, ...unknown } = shop;
    const away = report({ state: "fail", error: new Error("store away"), backups: [unknown] });
    await notifyRun(settings, away, context());
    const text = await Deno.readTextFile(settings.metricsFile);
    assert.match(text, /last_exit_code\{.*\} 1\n/);
    assert.match(text, /last_success_timestamp_seconds\{.*\} 1795230000\n/);
  }));

Deno.test("each source and each task is a group of its own in a Pushgateway", async () => {
  await using receiver = startReceiver();
  const two = report({ backups: [shop, backup("a/b ä", [])] });
  await notifyRun({ pushgateway: `${receiver.url}/` }, two, context());
  const text = (part: string) =>
    new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" }));
  const groups = receiver.told.map(({ path }) =>
    path.split("/").slice(4).map((part, at) => at % 2 === 0 ? part : text(part)).join(" ")
  ).toSorted();
  const common = "kind@base64 postgres scope@base64 shop-test name@base64 main item@base64";
  assert.deepEqual(groups, [
    `${common} a/b ä`,
    `${common} a/b ä task@base64 backup-postgres`,
    `${common} shop`,
    `${common} shop task@base64 backup-postgres`,
  ]);
  assert.ok(
    receiver.told.every(({ path, body }) =>
      path.startsWith("/metrics/job/slipway/") && body.endsWith("\n") && !body.includes("{")
    ),
  );
});

Deno.test("readNotifySettings() takes URLs from the environment or from files, and has them redacted", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/slack`, "https://hooks.example.org/sEcReT\n");
    const variables: Record<string, string> = {
      SLIPWAY_PING_URL: "https://hc.example.org/uuid",
      SLIPWAY_SLACK_URL_FILE: "slack",
      SLIPWAY_METRICS_FILE: "m.prom",
    };
    const world = testContext({ env: (name) => variables[name], cwd: folder });
    assert.deepEqual(await readNotifySettings(world), {
      ping: "https://hc.example.org/uuid",
      slack: "https://hooks.example.org/sEcReT",
      metricsFile: `${folder}/m.prom`,
    });
    assert.equal(world.redactor.redact("https://hooks.example.org/sEcReT"), "********");
  }));

Deno.test("readNotifySettings() refuses what is no URL without showing it", async () => {
  const world = testContext({
    env: (name) => name === "SLIPWAY_WEBHOOK_URL" ? "ftp://sEcReT" : undefined,
  });
  await assert.rejects(readNotifySettings(world), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /SLIPWAY_WEBHOOK_URL/);
    return !error.message.includes("sEcReT");
  });
});
