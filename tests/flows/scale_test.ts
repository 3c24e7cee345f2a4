import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import type { Manifest } from "../../lib/core/object.ts";
import { planScale } from "../../lib/flows/scale.ts";

const manifest = (
  apiVersion: string,
  kind: string,
  name: string,
  spec: unknown = {},
): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "shop" },
  spec,
});

const manifests = [
  manifest("apps/v1", "Deployment", "web"),
  manifest("apps/v1", "StatefulSet", "cache"),
  manifest("autoscaling/v2", "HorizontalPodAutoscaler", "web", {
    maxReplicas: 10,
    scaleTargetRef: { kind: "Deployment", name: "web" },
  }),
];

Deno.test("planScale() sets the replicas of a workload that nobody else scales", () => {
  const { patches } = planScale(manifests, "cache", 0);
  assert.deepEqual(patches, [{
    ref: { apiVersion: "apps/v1", kind: "StatefulSet", namespace: "shop", name: "cache" },
    subresource: "scale",
    patch: { spec: { replicas: 0 } },
  }]);
});

Deno.test("planScale() moves an autoscaler's least number before the replicas", () => {
  const { patches, workload } = planScale(manifests, "web", 5);
  assert.deepEqual(patches.map(({ ref, patch }) => [ref.kind, patch]), [
    ["HorizontalPodAutoscaler", { spec: { minReplicas: 5 } }],
    ["Deployment", { spec: { replicas: 5 } }],
  ]);
  assert.equal(workload.kind, "Deployment");
});

Deno.test("planScale() refuses what the autoscaler does not allow, and workloads that are not there", () => {
  for (
    const [name, replicas, message] of [
      ["web", 11, /allows 1 to 10/],
      ["web", 0, /allows 1 to 10/],
      ["wbe", 1, /no workload of this name/],
    ] as const
  ) {
    assert.throws(() => planScale(manifests, name, replicas), (error: UsageError) => {
      assert.equal(error.exitCode, 2);
      assert.match(error.message, message);
      return true;
    });
  }
});
