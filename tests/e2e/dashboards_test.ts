import assert from "node:assert/strict";
import type { Platform } from "../../lib/platform/types.ts";
import { render } from "../../manifests/components/render.ts";
import { dashboardsOf } from "../manifests/monitoring/dashboards.ts";
import { watchedPlatforms } from "../manifests/monitoring/platforms.ts";
import { promtool, runDebianProgram } from "./debian_program.ts";

/** Let promtool parse every expression of every dashboard of a platform. */
async function checkExpressions(expressions: readonly string[]) {
  const folder = await Deno.makeTempDir({ prefix: "slipway-dashboards-" });
  try {
    const rules = expressions.map((expression, index) => ({
      record: `expression:${index}`,
      // Variables of Grafana, which it replaces by durations.
      expr: expression.replaceAll(/\$__(rate_interval|range|interval)\b/g, "5m"),
    }));
    await Deno.writeTextFile(
      `${folder}/rules.yaml`,
      JSON.stringify({ groups: [{ name: "expressions", rules }] }),
    );
    return await runDebianProgram(promtool, ["check", "rules", "rules.yaml"], folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertExpressions(platform: Platform): Promise<void> {
  const expressions = dashboardsOf(render(platform)).flatMap(({ panels }) =>
    panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  );
  assert.ok(expressions.length > 0, "there are no dashboards");
  const { code, stdout, stderr } = await checkExpressions(expressions);
  assert.equal(code, 0, stdout + stderr);
}

Deno.test("promtool parses every expression of the dashboards of each platform", async (t) => {
  for (const [name, platform] of await watchedPlatforms()) {
    if (platform.monitoring!.grafana === undefined) continue;
    await t.step(name, () => assertExpressions(platform));
  }
});

Deno.test("promtool refuses an expression that is none", async () => {
  const { code, stderr } = await checkExpressions(["sum(up", "1"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /expression:0|unclosed left parenthesis/);
});
