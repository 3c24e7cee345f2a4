import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubeObject } from "../../lib/core/object.ts";
import { diffObjects, formatFieldChange } from "../../lib/kube/field_diff.ts";
import { canonical } from "./canonical.ts";

const object = (fields: Record<string, unknown>, kind = "Deployment"): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "web" },
  ...fields,
});

const lines = (before: KubeObject, after: KubeObject) =>
  diffObjects(before, after).map(formatFieldChange);

const withContainers = (containers: unknown[]) =>
  object({ spec: { template: { spec: { containers } } } });

Deno.test("diffObjects() names a changed field by its path and both values", () => {
  assert.deepEqual(lines(object({ spec: { replicas: 2 } }), object({ spec: { replicas: 3 } })), [
    "~ spec.replicas: 2 -> 3",
  ]);
});

Deno.test("diffObjects() names list items by their name, not by their position", () => {
  const before = withContainers([{ name: "web", image: "web:1" }, {
    name: "proxy",
    image: "proxy:1",
  }]);
  const after = withContainers([{ name: "web", image: "web:2" }, {
    name: "proxy",
    image: "proxy:1",
  }]);
  assert.deepEqual(lines(before, after), [
    "~ spec.template.spec.containers[name=web].image: web:1 -> web:2",
  ]);
});

Deno.test("diffObjects() tells when only the order of named items changes", () => {
  const [a, b] = [{ name: "a" }, { name: "b" }];
  assert.deepEqual(lines(withContainers([a, b]), withContainers([b, a])), [
    "~ spec.template.spec.containers: order a, b -> order b, a",
  ]);
});

Deno.test("diffObjects() tells fields that come and go", () => {
  assert.deepEqual(lines(object({ spec: { paused: true } }), object({ spec: { replicas: 1 } })), [
    "- spec.paused: true",
    "+ spec.replicas: 1",
  ]);
});

Deno.test("diffObjects() leaves out what only the server writes", () => {
  const before = object({ status: { replicas: 1 } });
  const after: KubeObject = {
    ...object({ status: { replicas: 2 } }),
    metadata: { name: "web", uid: "1", resourceVersion: "7", generation: 2, managedFields: [] },
  };
  assert.deepEqual(diffObjects(before, after), []);
});

Deno.test("diffObjects() never tells a value of a Secret", () => {
  const hushed = "c2VjcmV0LXZhbHVl";
  const cases: [KubeObject, KubeObject][] = [
    [object({ data: { a: hushed } }, "Secret"), object({ data: { a: `${hushed}2` } }, "Secret")],
    [object({}, "Secret"), object({ data: { a: hushed } }, "Secret")],
    [object({ data: { "tls.key": hushed } }, "Secret"), object({}, "Secret")],
    [object({}, "Secret"), object({ stringData: { a: hushed } }, "Secret")],
    [
      object({}, "Secret"),
      {
        ...object({}, "Secret"),
        metadata: {
          name: "web",
          annotations: { "kubectl.kubernetes.io/last-applied-configuration": hushed },
        },
      },
    ],
  ];
  for (const [before, after] of cases) {
    const told = lines(before, after);
    assert.equal(told.length, 1, JSON.stringify(told));
    assert.ok(!told.join("\n").includes(hushed), told.join("\n"));
  }
});

Deno.test("formatFieldChange() shortens long values, and says so when the short forms agree", () => {
  const long = "x".repeat(500);
  const [told] = lines(
    object({ data: { a: long } }),
    object({ data: { a: `${long}y`.slice(1) + "z" } }),
  );
  assert.ok(told!.length < 320, told);
  const [same] = lines(object({ data: { a: `${long}1` } }), object({ data: { a: `${long}2` } }));
  assert.equal(same, "~ data.a: changed");
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 4 }),
  ),
})).value;

Deno.test("diffObjects() finds nothing between equal objects, and something between different ones", () => {
  fc.assert(fc.property(json, json, (a, b) => {
    assert.deepEqual(diffObjects(object({ spec: a }), object({ spec: structuredClone(a) })), []);
    const differ = canonical(a) !== canonical(b);
    assert.equal(diffObjects(object({ spec: a }), object({ spec: b })).length > 0, differ);
  }));
});

Deno.test("diffObjects() told the other way round swaps before and after", () => {
  fc.assert(fc.property(json, json, (a, b) => {
    const forth = diffObjects(object({ spec: a }), object({ spec: b }));
    const back = diffObjects(object({ spec: b }), object({ spec: a }));
    const key = (change: { path: string; before?: string; after?: string }) =>
      JSON.stringify(change);
    assert.deepEqual(
      new Set(back.map(({ path, before, after }) => key({ path, before: after, after: before }))),
      new Set(forth.map(({ path, before, after }) => key({ path, before, after }))),
    );
  }));
});
