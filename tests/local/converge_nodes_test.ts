import assert from "node:assert/strict";
import type { KubeObject } from "../../lib/core/object.ts";
import {
  planNodes,
  raiseNodes,
  refuseLoss,
  removeNodes,
  type WantedNodes,
} from "../../lib/local/converge_nodes.ts";
import { defaultNodes, type LocalNode, simulatedNode } from "../../lib/local/simulated_node.ts";
import { createFakeClient } from "../kube/fake_client.ts";

const version = "v1.36.3";
const signal = new AbortController().signal;
const small: LocalNode = {
  name: "vps-1",
  role: "server",
  cpu: "2",
  memory: "4Gi",
  storage: "40G",
  labels: { disk: "ssd" },
};

function live(...nodes: readonly LocalNode[]): KubeObject[] {
  return nodes.map((node) => simulatedNode(node, version));
}

function planned(existing: readonly KubeObject[], wanted?: WantedNodes) {
  const { names, create, update, remove } = planNodes(existing, wanted);
  return {
    names,
    create: create.map(({ name }) => name),
    update: update.map(({ wanted }) => wanted.name),
    remove: remove.map(({ metadata }) => metadata.name),
  };
}

function volume(node: string, phase: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "pvc-1" },
    spec: {
      claimRef: { namespace: "shop", name: "data" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{
            matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }],
          }],
        },
      },
    },
    status: { phase },
  };
}

function pod(name: string, node: string, owner = "ReplicaSet"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      ownerReferences: [{ apiVersion: "apps/v1", kind: owner, name: "web", uid: "u" }],
    },
    spec: { nodeName: node },
  };
}

Deno.test("a simulated node has the labels, taints and resources that are wanted of it", () => {
  const node = simulatedNode(
    { ...small, taints: [{ key: "gpu", value: "true", effect: "NoSchedule" }] },
    version,
  );
  const { labels = {} } = node.metadata;
  assert.equal(labels["node-role.kubernetes.io/control-plane"], "true");
  assert.equal(labels["kubernetes.io/hostname"], "vps-1");
  assert.equal(labels["disk"], "ssd");
  assert.deepEqual(node["spec"], { taints: [{ key: "gpu", value: "true", effect: "NoSchedule" }] });
  const { capacity } = node["status"] as { capacity: Record<string, string> };
  assert.deepEqual(capacity, { cpu: "2", memory: "4Gi", pods: "110", "ephemeral-storage": "40G" });
  const [first, second] = live(...defaultNodes(2));
  assert.equal(first?.metadata.labels?.["node-role.kubernetes.io/control-plane"], "true");
  assert.equal(second?.metadata.labels?.["node-role.kubernetes.io/control-plane"], undefined);
});

Deno.test("a new cluster has three like nodes when nobody says; one that has nodes keeps them", () => {
  assert.deepEqual(planned([]).create, ["node-1", "node-2", "node-3"]);
  assert.deepEqual(planned(live(small)), {
    names: ["vps-1"],
    create: [],
    update: [],
    remove: [],
  });
});

Deno.test("a least number of nodes adds and never removes", () => {
  assert.deepEqual(planned(live(...defaultNodes(3)), { least: 1 }).remove, []);
  assert.deepEqual(planned(live(...defaultNodes(1)), { least: 2 }).create, ["node-2"]);
});

Deno.test("exact nodes are created, changed and removed, and then left alone", () => {
  const grown = { ...small, cpu: "4" };
  assert.deepEqual(planned(live(...defaultNodes(1), small), { exactly: [grown] }), {
    names: ["vps-1"],
    create: [],
    update: ["vps-1"],
    remove: ["node-1"],
  });
  assert.deepEqual(planned(live(grown), { exactly: [grown] }), {
    names: ["vps-1"],
    create: [],
    update: [],
    remove: [],
  });
});

Deno.test("nodes that are not simulated are never removed", () => {
  const [real] = live(defaultNodes(1)[0]!);
  delete real!.metadata.annotations;
  assert.deepEqual(planned([real!], { exactly: [small] }).remove, []);
});

Deno.test("a node that changes loses its former labels and taints, and keeps those of others", async () => {
  const [node] = live({ ...small, taints: [{ key: "gpu", effect: "NoSchedule" }] });
  node!.metadata.labels!["by-hand"] = "yes";
  (node!["spec"] as { taints: unknown[] }).taints.push({
    key: "node.kubernetes.io/not-ready",
    effect: "NoSchedule",
  });
  const client = createFakeClient([node!]);
  const wanted: LocalNode = {
    ...small,
    role: "agent",
    memory: "8Gi",
    labels: { tier: "data" },
    taints: [{ key: "only", value: "data", effect: "NoExecute" }],
  };
  await raiseNodes(client, planNodes([node!], { exactly: [wanted] }), {
    kubernetesVersion: version,
    signal,
  });
  const after = await client.get({ apiVersion: "v1", kind: "Node", name: "vps-1" });
  const { labels = {} } = after!.metadata;
  assert.equal(labels["disk"], undefined);
  assert.equal(labels["node-role.kubernetes.io/control-plane"], undefined);
  assert.equal(labels["tier"], "data");
  assert.equal(labels["by-hand"], "yes");
  assert.equal(labels["kubernetes.io/hostname"], "vps-1");
  assert.deepEqual((after!["spec"] as { taints: unknown }).taints, [
    { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
    { key: "only", value: "data", effect: "NoExecute" },
  ]);
  const { allocatable } = after!["status"] as { allocatable: Record<string, string> };
  assert.equal(allocatable["memory"], "8Gi");
  assert.deepEqual(planNodes([after!], { exactly: [wanted] }).update, []);
});

Deno.test("nodes with bound volumes are not removed", async () => {
  const plan = planNodes(live(...defaultNodes(2)), { exactly: [small] });
  await assert.rejects(
    refuseLoss(createFakeClient([volume("node-2", "Bound")]), plan, { signal }),
    /node-1, node-2 would go, and with them volumes: node-2 holds that of PersistentVolumeClaim shop\/data/,
  );
  for (const harmless of [volume("vps-1", "Bound"), volume("node-2", "Released")]) {
    await refuseLoss(createFakeClient([harmless]), plan, { signal });
  }
});

Deno.test("a surplus node goes once its pods have left; DaemonSets' go with it", async () => {
  const nodes = live(...defaultNodes(1));
  const client = createFakeClient([
    ...nodes,
    pod("web-1", "node-1"),
    pod("agent-1", "node-1", "DaemonSet"),
    pod("web-2", "vps-1"),
  ]);
  await removeNodes(client, planNodes(nodes, { exactly: [small] }), { signal });
  const writes = client.calls.filter((call) => /^(patch|delete)/.test(call));
  assert.deepEqual(writes, ["patch Node node-1", "delete Pod shop/web-1", "delete Node node-1"]);
});
