import assert from "node:assert/strict";
import type { Platform } from "../../lib/platform/types.ts";
import { render } from "../../manifests/components/render.ts";
import { alertmanagerFile } from "../manifests/monitoring/alertmanager_file.ts";
import { watchedPlatform, watchedPlatforms } from "../manifests/monitoring/platforms.ts";
import { amtool, type ProgramOutcome, runDebianProgram } from "./debian_program.ts";

/** Run amtool beside the Alertmanager configuration of a platform, alertmanager.yaml. */
async function withConfiguration(
  platform: Platform,
  work: (run: (...args: string[]) => Promise<ProgramOutcome>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-alertmanager-" });
  try {
    const file = alertmanagerFile(render(platform));
    await Deno.writeTextFile(`${folder}/alertmanager.yaml`, JSON.stringify(file));
    await work((...args) => runDebianProgram(amtool, args, folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Let amtool check a configuration, and ask it who is told of alerts of each severity. */
async function assertRoutes(platform: Platform): Promise<void> {
  const { routes } = platform.monitoring!.alertmanager!;
  await withConfiguration(platform, async (run) => {
    const check = await run("check-config", "alertmanager.yaml");
    assert.equal(check.code, 0, check.stderr + check.stdout);
    for (const [severity, receiver] of Object.entries(routes)) {
      const { code, stdout, stderr } = await run(
        "config",
        "routes",
        "test",
        "--config.file=alertmanager.yaml",
        `--verify.receivers=${receiver}`,
        `severity=${severity}`,
        "alertname=Some",
        "namespace=some",
      );
      assert.equal(code, 0, `${severity}: ${stdout}${stderr}`);
    }
  });
}

Deno.test("amtool finds that a critical alert does not go to the receiver of warnings", async () => {
  const platform = await watchedPlatform();
  const { routes } = platform.monitoring!.alertmanager!;
  await withConfiguration(platform, async (run) => {
    const { code } = await run(
      "config",
      "routes",
      "test",
      "--config.file=alertmanager.yaml",
      `--verify.receivers=${routes.warning}`,
      "severity=critical",
    );
    assert.notEqual(code, 0);
  });
});

Deno.test("amtool accepts each configuration, and leads alerts to the receiver of their severity", async (t) => {
  for (const [name, platform] of await watchedPlatforms()) {
    if (platform.monitoring!.alertmanager === undefined) continue;
    await t.step(name, () => assertRoutes(platform));
  }
});
