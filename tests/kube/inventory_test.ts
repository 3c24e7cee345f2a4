import assert from "node:assert/strict";
import fc from "fast-check";
import { keyOf, type ObjectRef } from "../../lib/core/object.ts";
import { sameObjects, unionOf } from "../../lib/kube/inventory.ts";

const ref = fc.record({
  apiVersion: fc.constantFrom("v1", "apps/v1", "batch/v1"),
  kind: fc.constantFrom("ConfigMap", "Deployment", "Job"),
  namespace: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
  name: fc.constantFrom("x", "y", "z"),
});
const refs = fc.array(ref);
const keys = (objects: readonly ObjectRef[]) => objects.map(keyOf);

Deno.test("unionOf() names each object of either list once, sorted, whatever the order of the lists", () => {
  fc.assert(fc.property(refs, refs, (a, b) => {
    const union = keys(unionOf(a, b));
    assert.deepEqual(new Set(union), new Set([...keys(a), ...keys(b)]));
    assert.equal(new Set(union).size, union.length);
    assert.deepEqual(union, keys(unionOf(b, a)));
    assert.deepEqual(union, union.toSorted());
    assert.deepEqual(union, keys(unionOf(unionOf(a, b))));
  }));
});

Deno.test("unionOf() takes the later list's version of an object", () => {
  const old = {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    namespace: "a",
    name: "web",
  };
  assert.deepEqual(unionOf([old], [{ ...old, apiVersion: "autoscaling/v2" }]), [{
    ...old,
    apiVersion: "autoscaling/v2",
  }]);
});

Deno.test("sameObjects() goes by what is named, not by the order", () => {
  fc.assert(fc.property(refs, (objects) => {
    const once = unionOf(objects);
    assert.ok(sameObjects(once, once.toReversed()));
    const another = { apiVersion: "v1", kind: "Secret", namespace: "a", name: "s" };
    assert.ok(!sameObjects(objects, [...objects, another]));
  }));
});
