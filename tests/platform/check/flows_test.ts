import assert from "node:assert/strict";
import { checkFlows } from "../../../lib/platform/check/flows.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

function mistakesOf(changes: Partial<Platform>): string[] {
  return checkFlows(samplePlatform({
    workloads: { web: sampleWorkload(), db: sampleWorkload({ ports: { sql: 5432 } }) },
    peers: { internet: { cidrs: ["0.0.0.0/0"] } },
    groups: { all: ["web", "db"] },
    ...changes,
  })).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("checkFlows() accepts ends, groups, numbers and names of ports", () => {
  assert.deepEqual(
    mistakesOf({
      flows: [
        { from: "web", to: "db", ports: ["sql", 9187] },
        { from: "all", to: "internet", ports: [443] },
      ],
    }),
    [],
  );
});

Deno.test("checkFlows() refuses ends and groups that nobody declares", () => {
  assert.deepEqual(mistakesOf({ flows: [{ from: "al", to: "dbb", ports: [1] }] }), [
    "flows[0].from: no workload or peer is called al, expected one of all, db, internet, web; did you mean all?",
    "flows[0].to: no workload or peer is called dbb, expected one of all, db, internet, web; did you mean db?",
  ]);
});

Deno.test("checkFlows() refuses a port name that one of those called does not have", () => {
  assert.deepEqual(mistakesOf({ flows: [{ from: "web", to: "all", ports: ["http"] }] }), [
    "flows[0].ports[0]: no port of db is called http, expected one of sql",
  ]);
  assert.deepEqual(mistakesOf({ flows: [{ from: "web", to: "internet", ports: ["https"] }] }), [
    "flows[0].ports[0]: no port of internet is called https, expected that one is declared",
  ]);
});

Deno.test("checkFlows() refuses a group at an end where one of its members cannot be", () => {
  assert.deepEqual(
    mistakesOf({
      externalServices: {
        mail: { namespace: "shop", addresses: ["192.0.2.1"], ports: { smtp: 25 } },
      },
      groups: { mixed: ["web", "mail"] },
      flows: [{ from: "mixed", to: "db", ports: ["sql"] }],
    }),
    [
      "flows[0].from: mail of group mixed cannot be at this end, expected only workload or peer",
    ],
  );
});

Deno.test("checkFlows() knows the port with a workload's metrics as metrics", () => {
  const workloads = {
    web: sampleWorkload({ ports: { http: 8080, prom: 9100 }, metrics: { port: "prom" } }),
    db: sampleWorkload({ ports: { metrics: 9187, sql: 5432 } }),
  };
  const groups = { scraped: { havingPort: "metrics" } };
  const flows = [{ from: "db", to: "scraped", ports: ["metrics"] }];
  assert.deepEqual(mistakesOf({ workloads, groups, flows }), []);
  assert.deepEqual(
    mistakesOf({
      workloads: { ...workloads, web: sampleWorkload() },
      groups: {},
      flows: [
        { from: "db", to: "web", ports: ["metrics"] },
      ],
    }),
    ["flows[0].ports[0]: no port of web is called metrics, expected one of http"],
  );
});

Deno.test("checkFlows() wants to know the addresses of nodes from which somebody connects", () => {
  const changes = {
    namespaces: { shop: { podSecurity: "restricted" as const, defaultDeny: true } },
    workloads: {
      agent: sampleWorkload({ hostNetwork: { because: "it looks at the node" } }),
      web: sampleWorkload(),
    },
    groups: {},
    flows: [{ from: "agent", to: "web", ports: ["http"] }],
  };
  assert.deepEqual(mistakesOf(changes), [
    "flows[0]: agent connects to web from the network of its node, expected a peer called nodes with the cidrs of the nodes",
  ]);
  assert.deepEqual(mistakesOf({ ...changes, peers: { nodes: { cidrs: ["192.0.2.0/24"] } } }), []);
});
