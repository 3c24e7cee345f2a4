import assert from "node:assert/strict";
import { checkGroups } from "../../../lib/platform/check/guard_groups.ts";
import { flowPairs } from "../../../lib/platform/flow_pairs.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
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

Deno.test("a group may be empty, for environments that have none of its members", () => {
  const text = `
name: demo
domain: example.org
environments:
  staging: { groups: { apps: [] } }
namespaces: { shop: { podSecurity: restricted } }
peers: { outside: { cidrs: [192.0.2.0/24] } }
groups: { apps: [outside] }
flows: [{ from: apps, to: outside, ports: [443] }]
`;
  const platform = loadPlatform(text, { file: "platform.yaml" });
  assert.deepEqual(flowPairs(platform), []);
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
