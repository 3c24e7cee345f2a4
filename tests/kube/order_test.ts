import assert from "node:assert/strict";
import fc from "fast-check";
import { isBuiltIn, stageOf, stagesOf } from "../../lib/kube/order.ts";

const kinds = [
  ["v1", "Namespace"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
  ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  ["storage.k8s.io/v1", "StorageClass"],
  ["v1", "ConfigMap"],
  ["v1", "PersistentVolumeClaim"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["traefik.io/v1alpha1", "IngressRoute"],
  ["apps/v1", "Deployment"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"],
] as const;

const rankOf = (apiVersion: string, kind: string) => stageOf({ apiVersion, kind }).rank;

Deno.test("stageOf() puts definitions before classes, configuration, custom resources, workloads and webhooks", () => {
  const ranks = kinds.map(([apiVersion, kind]) => rankOf(apiVersion, kind));
  assert.deepEqual(ranks, [0, 0, 1, 1, 2, 2, 2, 3, 4, 4, 5]);
});

Deno.test("stageOf() takes Gateway API kinds for custom resources, though their group ends like Kubernetes' own", () => {
  assert.equal(rankOf("gateway.networking.k8s.io/v1", "HTTPRoute"), 3);
  assert.equal(rankOf("networking.k8s.io/v1", "NetworkPolicy"), 2);
  assert.equal(isBuiltIn("snapshot.storage.k8s.io"), false);
  assert.equal(isBuiltIn("storage.k8s.io"), true);
});

Deno.test("stagesOf() keeps every item once, in ranks that rise, and in input order within a stage", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...kinds)), (picked) => {
    const items = picked.map(([apiVersion, kind], index) => ({ apiVersion, kind, index }));
    const stages = stagesOf(items, (item) => item);
    const ranks = stages.map(({ stage }) => stage.rank);
    assert.deepEqual(ranks, [...new Set(ranks)].sort((a, b) => a - b));
    const all = stages.flatMap(({ items }) => items);
    assert.deepEqual(new Set(all), new Set(items));
    assert.equal(all.length, items.length);
    for (const { stage, items } of stages) {
      assert.ok(items.every((item) => stageOf(item).rank === stage.rank));
      assert.deepEqual(
        items.map(({ index }) => index),
        items.map(({ index }) => index).toSorted((a, b) => a - b),
      );
    }
  }));
});
