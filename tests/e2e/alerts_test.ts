import assert from "node:assert/strict";
import type { Platform } from "../../lib/platform/types.ts";
import { conditions } from "../../manifests/components/monitoring/alerts/catalogue.ts";
import { render } from "../../manifests/components/render.ts";
import { watchedPlatform, watchedPlatforms } from "../manifests/monitoring/platforms.ts";
import { type RuleGroups, rulesOf, ruleTestsOf } from "../manifests/monitoring/rule_tests.ts";
import { promtool, runDebianProgram } from "./debian_program.ts";

/** Let promtool check the rules of a platform, and run the tests of each alert. */
async function testRules(platform: Platform, rules: RuleGroups) {
  const folder = await Deno.makeTempDir({ prefix: "slipway-rules-" });
  try {
    const files = ruleTestsOf(platform, rules);
    const write = (name: string, content: unknown) =>
      Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
    await write("rules.yaml", rules);
    for (const { alert, rules, tests } of files) {
      await write(tests.rule_files[0]!, rules);
      await write(`${alert}.test.yaml`, tests);
    }
    const run = (...args: string[]) => runDebianProgram(promtool, args, folder);
    return {
      tests: files.reduce((sum, { tests }) => sum + tests.tests.length, 0),
      check: await run("check", "rules", "rules.yaml"),
      test: await run("test", "rules", ...files.map(({ alert }) => `${alert}.test.yaml`)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertTested(platform: Platform): Promise<void> {
  const rules = rulesOf(render(platform));
  const alerts = Object.keys(platform.monitoring!.alerts);
  const { tests, check, test } = await testRules(platform, rules);
  assert.equal(check.code, 0, check.stdout + check.stderr);
  assert.equal(test.code, 0, test.stdout + test.stderr);
  assert.ok(tests >= 2 * alerts.length, `${tests} tests of ${alerts.length} alerts`);
}

Deno.test("each alert of each platform fires when it should, and is silent otherwise", async (t) => {
  for (const [name, platform] of await watchedPlatforms()) {
    await t.step(name, () => assertTested(platform));
  }
});

Deno.test("the platform of tests has an alert of each condition", async () => {
  const { monitoring } = await watchedPlatform();
  const used = Object.values(monitoring!.alerts).flatMap((alert) => Object.keys(alert));
  assert.deepEqual(Object.keys(conditions).filter((kind) => !used.includes(kind)), []);
});

Deno.test("the tests of alerts notice a threshold that was mistaken", async () => {
  const platform = await watchedPlatform();
  const rules = rulesOf(render(platform));
  const rule = rules.groups[0]!.rules.find(({ alert }) => alert === "HighErrorRate")!;
  rule.expr = rule.expr.replace("> 5", "> 50");
  const { test } = await testRules(platform, rules);
  assert.notEqual(test.code, 0);
  assert.match(test.stderr + test.stdout, /HighErrorRate/);
});
