import assert from "node:assert/strict";
import { checkGroups } from "../../../lib/platform/check/guard_groups.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

function mistakesOf(groups: Platform["groups"]): string[] {
  return checkGroups(samplePlatform({
    workloads: { web: sampleWorkload(), api: sampleWorkload() },
    groups,
  })).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("checkGroups() accepts groups of ends, of groups, and by a port", () => {
  assert.deepEqual(
    mistakesOf({ apps: ["web", "api"], all: ["apps"], served: { havingPort: "http" } }),
    [],
  );
});

Deno.test("checkGroups() refuses a member and a port that nobody has", () => {
  assert.deepEqual(mistakesOf({ apps: ["webb"], scraped: { havingPort: "metrics" } }), [
    "groups.apps[0]: no end of flows or group is called webb, expected one of api, apps, scraped, web; did you mean web?",
    "groups.scraped.havingPort: no port of an end is called metrics, expected one of http",
  ]);
});

Deno.test("checkGroups() refuses a group within itself, however deep", () => {
  assert.deepEqual(mistakesOf({ a: ["b"], b: ["c"], c: ["a", "web"] }), [
    "groups.a[0]: b contains group a, expected no group within itself",
    "groups.b[0]: c contains group b, expected no group within itself",
    "groups.c[0]: a contains group c, expected no group within itself",
  ]);
});

Deno.test("checkGroups() refuses a group that has the name of an end", () => {
  assert.deepEqual(mistakesOf({ web: ["api"] }), [
    "groups.web: an end of flows has this name, expected a name of its own: flows could mean both",
  ]);
});
