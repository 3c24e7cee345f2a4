import assert from "node:assert/strict";
import { groupOf, keyOf, refOf, subjectOf } from "../../lib/core/object.ts";

Deno.test("refOf() names an object, and has no namespace where the object has none", () => {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", labels: { a: "b" } },
    spec: {},
  };
  assert.deepEqual(refOf(deployment), {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: "shop",
    name: "web",
  });
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  assert.deepEqual(Object.keys(refOf(namespace)), ["apiVersion", "kind", "name"]);
});

Deno.test("groupOf() is empty for the core group", () => {
  assert.equal(groupOf("v1"), "");
  assert.equal(groupOf("apps/v1"), "apps");
  assert.equal(groupOf("traefik.io/v1alpha1"), "traefik.io");
});

Deno.test("keyOf() stays the same over versions, and differs over all else", () => {
  const ref = {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    namespace: "a",
    name: "b",
  };
  assert.equal(keyOf(ref), keyOf({ ...ref, apiVersion: "autoscaling/v2" }));
  const others = [
    { ...ref, apiVersion: "other/v1" },
    { ...ref, kind: "Other" },
    { ...ref, namespace: "other" },
    { ...ref, name: "other" },
  ];
  for (const other of others) assert.notEqual(keyOf(ref), keyOf(other));
  assert.equal(keyOf({ apiVersion: "v1", kind: "Namespace", name: "shop" }), "/Namespace//shop");
});

Deno.test("subjectOf() names an object for people", () => {
  const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  assert.equal(subjectOf({ ...ref, namespace: "shop" }), "Deployment shop/web");
  assert.equal(subjectOf(ref), "Deployment web");
  assert.equal(subjectOf({ ...ref, namespace: "" }), "Deployment web");
});
