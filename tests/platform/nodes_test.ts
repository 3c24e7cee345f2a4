import assert from "node:assert/strict";
import { checkNodes } from "../../lib/platform/check/nodes.ts";
import { nodesOf } from "../../lib/platform/nodes.ts";
import type { NodeGroup } from "../../lib/platform/types.ts";
import { samplePlatform } from "./sample_platform.ts";

function group(changes: Partial<NodeGroup> = {}): NodeGroup {
  return { count: 1, role: "server", cpu: "8", memory: "16Gi", storage: "500G", ...changes };
}

function messages(nodes: Record<string, NodeGroup>): string[] {
  return checkNodes(samplePlatform({ nodes })).map(({ path, message }) =>
    `${path.join(".")}: ${message}`
  );
}

Deno.test("nodes are named after their group and stand in its zones in turn", () => {
  const nodes = nodesOf({
    nodes: {
      control: group(),
      worker: group({
        count: 3,
        role: "agent",
        zones: ["a", "b"],
        labels: { disk: "ssd" },
        taints: [{ key: "gpu", effect: "NoSchedule" }],
      }),
    },
  });
  assert.deepEqual(nodes.map(({ name, role }) => [name, role]), [
    ["control-1", "server"],
    ["worker-1", "agent"],
    ["worker-2", "agent"],
    ["worker-3", "agent"],
  ]);
  assert.deepEqual(nodes.map(({ labels }) => labels["topology.kubernetes.io/zone"]), [
    undefined,
    "a",
    "b",
    "a",
  ]);
  assert.equal(nodes[1]?.labels["disk"], "ssd");
  assert.deepEqual(nodes[1]?.taints, [{ key: "gpu", effect: "NoSchedule" }]);
});

Deno.test("a platform without nodes, or with an odd number of servers, is right", () => {
  assert.deepEqual(messages({}), []);
  assert.deepEqual(
    messages({ control: group({ count: 3 }), worker: group({ role: "agent" }) }),
    [],
  );
});

Deno.test("a cluster without a server, or with two, is a mistake", () => {
  assert.match(messages({ worker: group({ role: "agent" }) })[0]!, /^nodes: no servers, expected/);
  assert.match(
    messages({ a: group(), b: group() })[0]!,
    /^nodes: 2 servers, expected an odd number/,
  );
});

Deno.test("more zones than nodes, and labels that other keys say, are mistakes", () => {
  assert.deepEqual(
    messages({
      vps: group({
        zones: ["a", "b"],
        labels: { "kubernetes.io/hostname": "x", "topology.kubernetes.io/zone": "c", disk: "ssd" },
      }),
    }),
    [
      "nodes.vps.zones: 2 zones for 1 node, expected at most one zone a node",
      "nodes.vps.labels.kubernetes.io/hostname: expected only in the name of the group, from which this label is made",
      "nodes.vps.labels.topology.kubernetes.io/zone: expected only in zones, from which this label is made",
    ],
  );
});
