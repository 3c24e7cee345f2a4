import assert from "node:assert/strict";
import type { BackupRecord } from "../../lib/backup/record.ts";
import { type NotifiedBackup, notifyRun } from "../../lib/flows/backup/notify.ts";
import { freePort } from "../../lib/local/ports.ts";
import { startProcess, stopProcess } from "../../lib/local/process.ts";
import { sleepFor } from "../../lib/core/retry.ts";
import { testContext } from "../context.ts";
import { withFolder } from "../folder.ts";
import { type DebianProgram, findDebianProgram, promtool } from "./debian_program.ts";

const pushgateway: DebianProgram = {
  name: "prometheus-pushgateway",
  package: "prometheus-pushgateway",
};

const createdAt = "2026-11-21T03:00:00Z";

/** A backup of a database whose name needs every escape. */
function backup(item: string): NotifiedBackup {
  const source = { kind: "postgres", scope: "shop-test", name: "main", item };
  const record: BackupRecord = {
    ...{ format: 1, ...source, id: "20261121T030000Z-000000", createdAt, durationMs: 1_500 },
    objects: [{
      suffix: "dump.zst.age",
      plain: { sizeBytes: 3_000, sha256: "" },
      stored: { sizeBytes: 1_000, sha256: "" },
    }],
    ...{ tool: "slipway 1", recipients: [], details: {} },
  };
  const verification = {
    ...{ id: record.id, verifiedAt: "2026-11-21T04:00:00Z", durationMs: 9_000 },
    ...{ target: "t", proof: "p" },
  };
  return { source, label: item, record, listing: { backups: [{ record, verification }] } };
}

const report = {
  task: "backup-postgres",
  state: "success",
  startedAt: Temporal.Instant.from(createdAt),
  backups: [backup("shop"), backup('a/b "ä" \\ \n{x="y"}')],
} as const;

Deno.test("promtool takes the metrics of runs, whatever the names of their sources", () =>
  withFolder(async (folder) => {
    const metricsFile = `${folder}/slipway.prom`;
    await notifyRun({ metricsFile }, report, testContext());
    await notifyRun({ metricsFile }, { ...report, task: "verify-backups" }, testContext());
    const { path, env } = await findDebianProgram(promtool);
    await using checking = new Deno.Command(path, {
      args: ["check", "metrics"],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await (await Deno.open(metricsFile)).readable.pipeTo(checking.stdin);
    const { code, stderr } = await checking.output();
    assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
    const lines = (await Deno.readTextFile(metricsFile)).split("\n");
    assert.equal(lines.filter((line) => !/^(#|$)/.test(line)).length, 2 * (5 + 2 * 2));
  }));

Deno.test("a real Pushgateway keeps the metrics of each source and task beside those of the others", () =>
  withFolder(async (folder) => {
    const { path, env } = await findDebianProgram(pushgateway);
    const url = `http://127.0.0.1:${freePort()}`;
    const running = await startProcess({
      command: [path, `--web.listen-address=${new URL(url).host}`],
      env,
      cwd: folder,
      logFile: `${folder}/log`,
    });
    try {
      await answering(`${url}/-/ready`);
      const context = testContext();
      await notifyRun({ pushgateway: url }, report, context);
      const failed = { ...report, state: "fail" as const, error: new Error("store away") };
      const { listing: _listing, record: _record, ...unknown } = report.backups[1];
      await notifyRun({ pushgateway: url }, { ...failed, backups: [unknown] }, context);
      assert.deepEqual(context.events, []);
      const values = (await (await fetch(`${url}/metrics`)).text()).split("\n")
        .filter((line) => line.startsWith("slipway_"));
      const of = (name: string) =>
        values.filter((line) => line.startsWith(`${name}{`))
          .map((line) => [/item="((?:[^"\\]|\\.)*)"/.exec(line)?.[1], line.split(" ").at(-1)])
          .toSorted();
      const strange = 'a/b \\"ä\\" \\\\ \\n{x=\\"y\\"}';
      assert.deepEqual(of("slipway_backup_size_bytes"), [[strange, "1000"], ["shop", "1000"]]);
      assert.deepEqual(of("slipway_backup_last_exit_code"), [[strange, "1"], ["shop", "0"]]);
    } finally {
      await stopProcess(running, { graceMs: 5_000 });
    }
  }));

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      if (response.ok) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleepFor(30);
  }
}
