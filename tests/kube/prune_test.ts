import assert from "node:assert/strict";
import type { KubeObject, ObjectMeta } from "../../lib/core/object.ts";
import { pruneVerdict } from "../../lib/kube/prune.ts";

const policy = { inventory: "shop.production", pruneData: false };

function live(metadata: Partial<ObjectMeta> = {}, kind = "ConfigMap"): KubeObject {
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name: "old",
      labels: { "slipway.dev/inventory": "shop.production" },
      managedFields: [{ manager: "slipway", operation: "Apply" }],
      ...metadata,
    },
  };
}

Deno.test("pruneVerdict() deletes what this inventory owns and nobody renders", () => {
  assert.deepEqual(pruneVerdict(live(), policy), {
    prune: true,
    onRecord: false,
    because: "it is no longer rendered",
  });
});

const released: [string, KubeObject][] = [
  ["objects of another inventory", live({ labels: { "slipway.dev/inventory": "shop.staging" } })],
  ["objects that lost their label", live({ labels: {} })],
  [
    "objects that another manager wrote",
    live({ managedFields: [{ manager: "kubectl", operation: "Apply" }] }),
  ],
  [
    "objects that were only patched under our name",
    live({ managedFields: [{ manager: "slipway", operation: "Update" }] }),
  ],
  [
    "objects with an owner",
    live({ ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "1" }] }),
  ],
];

for (const [what, object] of released) {
  Deno.test(`pruneVerdict() leaves ${what}, and takes them off the record`, () => {
    const { prune, onRecord } = pruneVerdict(object, policy);
    assert.deepEqual({ prune, onRecord }, { prune: false, onRecord: false });
  });
}

const kept: [string, KubeObject][] = [
  [
    "objects that Slipway's annotation keeps",
    live({ annotations: { "slipway.dev/keep": "true" } }),
  ],
  [
    "objects that Helm's annotation keeps",
    live({ annotations: { "helm.sh/resource-policy": "keep" } }),
  ],
  ["PersistentVolumeClaims", live({}, "PersistentVolumeClaim")],
  ["Namespaces", live({}, "Namespace")],
];

for (const [what, object] of kept) {
  Deno.test(`pruneVerdict() leaves ${what}, and keeps them on record`, () => {
    const { prune, onRecord, because } = pruneVerdict(object, policy);
    assert.deepEqual({ prune, onRecord }, { prune: false, onRecord: true });
    assert.notEqual(because, "");
  });
}

Deno.test("pruneVerdict() deletes claims and namespaces only when data may go", () => {
  for (const kind of ["PersistentVolumeClaim", "Namespace"]) {
    assert.equal(pruneVerdict(live({}, kind), { ...policy, pruneData: true }).prune, true);
  }
});

Deno.test("pruneVerdict() keeps what an annotation keeps even when data may go", () => {
  const claim = live({ annotations: { "slipway.dev/keep": "true" } }, "PersistentVolumeClaim");
  assert.equal(pruneVerdict(claim, { ...policy, pruneData: true }).prune, false);
});

Deno.test("pruneVerdict() leaves a shared object that another inventory names too", () => {
  const { prune, onRecord, because } = pruneVerdict(live(), { ...policy, neededBy: "acme.prod" });
  assert.deepEqual({ prune, onRecord }, { prune: false, onRecord: false });
  assert.match(because, /shared, and acme\.prod names it too/);
});
