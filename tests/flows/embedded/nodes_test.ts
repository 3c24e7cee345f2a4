import assert from "node:assert/strict";
import type { KubeObject, ObjectRef } from "../../../lib/core/object.ts";
import { startFor } from "../../../lib/flows/embedded/nodes.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

const signal = new AbortController().signal;
const platform = {
  name: "shop",
  environment: "prod",
  nodes: {
    vps: { count: 1, role: "server" as const, cpu: "12", memory: "64Gi", storage: "400G" },
  },
};

function inventory(id: string, ...kinds: string[]): KubeObject {
  const objects = kinds.map((kind): ObjectRef => ({
    apiVersion: "v1",
    kind,
    namespace: "other",
    name: "a",
  }));
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `inventory-${id}`, namespace: "slipway" },
    data: { objects: JSON.stringify(objects) },
  };
}

Deno.test("a platform that declares no nodes takes those of the cluster", () => {
  assert.deepEqual(startFor({ ...platform, nodes: {} }, { signal }), {});
});

Deno.test("a platform gets the nodes that it declares where no other one lives", async () => {
  const { nodes, mayChangeNodes } = startFor(platform, { signal });
  assert.ok(nodes !== undefined && "exactly" in nodes);
  assert.deepEqual(nodes.exactly.map(({ name }) => name), ["vps-1"]);
  await mayChangeNodes!(createFakeClient([
    inventory("shop.prod", "Deployment"),
    // Removed, and its data kept.
    inventory("gone.prod", "Namespace", "PersistentVolumeClaim"),
  ]));
});

Deno.test("nodes are not changed under another platform", async () => {
  const { mayChangeNodes } = startFor(platform, { signal });
  await assert.rejects(
    mayChangeNodes!(createFakeClient([inventory("other.prod", "Deployment")])),
    (error: Error & { remedy?: string }) => {
      assert.match(
        error.message,
        /nodes of shop.prod: it has other ones, on which other.prod lives/,
      );
      assert.match(error.remedy!, /--cluster shop/);
      return true;
    },
  );
});
