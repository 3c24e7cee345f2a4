import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { loadValidator, renderedKinds } from "../../lib/kube/structural.ts";

const definition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "routes.example.org" },
  spec: {
    group: "example.org",
    scope: "Namespaced",
    names: { kind: "Route", plural: "routes" },
    versions: [{
      name: "v1",
      served: true,
      schema: {
        openAPIV3Schema: {
          type: "object",
          required: ["spec"],
          properties: {
            apiVersion: { type: "string" },
            kind: { type: "string" },
            metadata: { type: "object" },
            spec: {
              type: "object",
              required: ["host"],
              properties: {
                host: { type: "string" },
                window: { type: "string", pattern: "^\\ *[0-9]+\\ *$" },
                name: { type: "string", pattern: "(?i)^[a-z]+$" },
                mode: { type: "string", enum: ["open", "closed"] },
                port: {
                  "x-kubernetes-int-or-string": true,
                  anyOf: [{ type: "integer" }, { type: "string" }],
                },
                weight: { type: "integer", minimum: 1, nullable: true },
                free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                labels: { type: "object", additionalProperties: { type: "string" } },
                rules: {
                  type: "array",
                  items: { type: "object", properties: { path: { type: "string" } } },
                },
              },
            },
          },
        },
      },
    }, { name: "v0", served: false }],
  },
};

await loadValidator();

const faultsOf = (spec: unknown) =>
  renderedKinds([definition]).get("example.org/v1/Route")!.validate({
    apiVersion: "example.org/v1",
    kind: "Route",
    metadata: { name: "web", namespace: "shop" },
    ...(spec === undefined ? {} : { spec }),
  });

Deno.test("renderedKinds() has the served versions of definitions only", () => {
  const other: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } };
  const kinds = renderedKinds([definition, other]);
  assert.deepEqual([...kinds.keys()], ["example.org/v1/Route"]);
  assert.equal(kinds.get("example.org/v1/Route")!.namespaced, true);
});

Deno.test("validate() accepts what a definition's schema allows", () => {
  assert.deepEqual(
    faultsOf({
      host: "a",
      mode: "open",
      port: "http",
      weight: null,
      free: { any: [1] },
      labels: { x: "y" },
      rules: [{ path: "/" }],
    }),
    [],
  );
});

const wrong: [string, unknown, RegExp][] = [
  ["a field that is missing", {}, /spec: must have required property 'host'/],
  ["a spec that is missing", undefined, /must have required property 'spec'/],
  ["a field that does not exist", { host: "a", hots: "b" }, /spec: unknown field "hots"/],
  [
    "an unknown field within a list",
    { host: "a", rules: [{ pfad: "/" }] },
    /spec\.rules\[0\]: unknown field "pfad"/,
  ],
  ["a wrong type", { host: 7 }, /spec\.host: must be string/],
  [
    "a value outside an enumeration",
    { host: "a", mode: "ajar" },
    /spec\.mode: must be one of open, closed/,
  ],
  ["a number out of bounds", { host: "a", weight: 0 }, /spec\.weight: must be >= 1/],
  [
    "neither an integer nor a string",
    { host: "a", port: true },
    /spec\.port: must be integer,string/,
  ],
  [
    "text that a pattern of Go's does not match",
    { host: "a", window: "noon" },
    /spec\.window: must match pattern/,
  ],
  [
    "a map value of the wrong type",
    { host: "a", labels: { x: 1 } },
    /spec\.labels\.x: must be string/,
  ],
];

for (const [what, spec, expected] of wrong) {
  Deno.test(`validate() names ${what}`, () => {
    assert.match(faultsOf(spec).join("; "), expected);
  });
}

Deno.test("validate() leaves patterns that JavaScript cannot read to the server", () => {
  assert.deepEqual(faultsOf({ host: "a", window: " 3 ", name: "!" }), []);
});

Deno.test("validate() names all faults at once", () => {
  assert.equal(faultsOf({ mode: "ajar", weight: 0, extra: 1 }).length, 4);
});
