import assert from "node:assert/strict";
import { checkApiFlows } from "../../../lib/platform/check/guard_api.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

const apiAccess = { namespaced: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }] };

function mistakesOf(changes: Partial<Platform>): string[] {
  return checkApiFlows(samplePlatform({
    namespaces: { shop: { podSecurity: "restricted", defaultDeny: true } },
    workloads: { web: sampleWorkload({ apiAccess }), db: sampleWorkload() },
    peers: { api: { cidrs: ["192.0.2.10/32"] }, shop: { namespace: "shop" } },
    ...changes,
  })).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

const missing =
  "workloads.web.apiAccess: namespace shop denies what no flow allows, expected a flow from web to a peer with the API server's cidrs, on port 443 or 6443";

Deno.test("checkApiFlows() refuses rights at an API server that cannot be reached", () => {
  assert.deepEqual(mistakesOf({}), [missing]);
});

Deno.test("checkApiFlows() wants addresses and a port of the API server", () => {
  assert.deepEqual(mistakesOf({ flows: [{ from: "web", to: "api", ports: [8443] }] }), [missing]);
  assert.deepEqual(mistakesOf({ flows: [{ from: "web", to: "shop", ports: [443] }] }), [missing]);
  assert.deepEqual(
    mistakesOf({ flows: [{ from: "web", to: "api", ports: [443], protocol: "UDP" }] }),
    [missing],
  );
  assert.deepEqual(mistakesOf({ flows: [{ from: "web", to: "api", ports: [443, 6443] }] }), []);
});

Deno.test("checkApiFlows() asks nothing where nothing is denied, nor of the network of a node", () => {
  assert.deepEqual(mistakesOf({ namespaces: { shop: { podSecurity: "restricted" } } }), []);
  const hostNetwork = { because: "it looks at the node" };
  assert.deepEqual(
    mistakesOf({ workloads: { web: sampleWorkload({ apiAccess, hostNetwork }) } }),
    [],
  );
});
