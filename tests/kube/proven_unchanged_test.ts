import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubeObject, Manifest } from "../../lib/core/object.ts";
import { isProvenUnchanged } from "../../lib/kube/proven_unchanged.ts";
import { canonical } from "./canonical.ts";

type Tree = Record<string, unknown>;

const manifestOf = (fields: Tree, labels: Record<string, string> = { app: "web" }): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", labels },
  ...fields,
});

/** A live object as the server keeps it after our apply, with fields of its own and others' beside ours. */
function liveOf(manifest: Manifest, fieldsV1: Tree, theirs: Tree = {}): KubeObject {
  return {
    ...structuredClone(manifest),
    ...theirs,
    metadata: {
      ...structuredClone(manifest.metadata),
      uid: "1",
      resourceVersion: "7",
      managedFields: [
        { manager: "slipway", operation: "Apply", apiVersion: "apps/v1", fieldsV1 },
        {
          manager: "kube-controller-manager",
          operation: "Update",
          subresource: "status",
          fieldsV1: {},
        },
      ],
    },
    status: { replicas: 1 },
  };
}

const labelFields = { "f:metadata": { "f:labels": { "f:app": {} } } };
const containers = (...items: Tree[]) => ({ spec: { containers: items } });
const web = { name: "web", image: "web:1", ports: [{ containerPort: 80 }] };
const webFields = {
  ...labelFields,
  "f:spec": {
    "f:containers": {
      'k:{"name":"web"}': {
        ".": {},
        "f:name": {},
        "f:image": {},
        "f:ports": {
          'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
        },
      },
    },
  },
};
const liveWeb = {
  ...web,
  ports: [{ containerPort: 80, protocol: "TCP" }],
  imagePullPolicy: "Always",
};

Deno.test("isProvenUnchanged() sees through defaults in list items and items of other managers", () => {
  const live = liveOf(
    manifestOf(containers(web)),
    webFields,
    containers({ name: "mesh", image: "mesh:1" }, liveWeb),
  );
  assert.equal(isProvenUnchanged(manifestOf(containers(web)), live), true);
});

const differing: [string, Manifest, KubeObject][] = [
  [
    "a value differs",
    manifestOf(containers({ ...web, image: "web:2" })),
    liveOf(manifestOf({}), webFields, containers(liveWeb)),
  ],
  [
    "the manifest sets a field that we do not own",
    manifestOf(containers({ ...web, imagePullPolicy: "Always" })),
    liveOf(manifestOf({}), webFields, containers(liveWeb)),
  ],
  [
    "we own a field that the manifest no longer sets",
    manifestOf(containers({ name: "web", image: "web:1" })),
    liveOf(manifestOf({}), webFields, containers(liveWeb)),
  ],
  [
    "we own a list item that the manifest no longer has",
    manifestOf(containers()),
    liveOf(manifestOf({}), webFields, containers(liveWeb)),
  ],
  [
    "another apiVersion is applied",
    { ...manifestOf(containers(web)), apiVersion: "apps/v2" },
    liveOf(manifestOf(containers(web)), webFields, containers(liveWeb)),
  ],
  [
    "the object is being deleted",
    manifestOf(containers(web)),
    ((live) => ({
      ...live,
      metadata: { ...live.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    }))(
      liveOf(manifestOf(containers(web)), webFields, containers(liveWeb)),
    ),
  ],
  [
    "the server does not keep a field as it was sent",
    manifestOf({ stringData: { a: "b" } }, {}),
    liveOf(manifestOf({}, {}), { "f:stringData": {} }, { data: { a: "Yg==" } }),
  ],
];

for (const [what, manifest, live] of differing) {
  Deno.test(`isProvenUnchanged() proves nothing when ${what}`, () => {
    assert.equal(isProvenUnchanged(manifest, live), false);
  });
}

Deno.test("isProvenUnchanged() proves nothing when the order of our items differs", () => {
  const item = { ".": {}, "f:name": {}, "f:value": {} };
  const fields = {
    ...labelFields,
    "f:spec": { "f:env": { 'k:{"name":"a"}': item, 'k:{"name":"b"}': item } },
  };
  const [a, b] = [{ name: "a", value: "1" }, { name: "b", value: "2" }];
  const live = liveOf(manifestOf({}), fields, { spec: { env: [a, b] } });
  assert.equal(isProvenUnchanged(manifestOf({ spec: { env: [a, b] } }), live), true);
  assert.equal(isProvenUnchanged(manifestOf({ spec: { env: [b, a] } }), live), false);
});

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const tree: fc.Arbitrary<Tree> = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar), tie("tree")),
  tree: fc.dictionary(fc.string({ minLength: 1 }), tie("node"), { minKeys: 1, maxKeys: 4 }),
})).tree as fc.Arbitrary<Tree>;

/** The record of a manager who set this tree field by field, and its lists as a whole. */
function fieldsOf(value: unknown): Tree {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [`f:${key}`, fieldsOf(child)]),
  );
}

Deno.test("isProvenUnchanged() proves an object that stands as applied, and none that differs anywhere", () => {
  fc.assert(fc.property(tree, tree, (spec, other) => {
    const manifest = manifestOf({ spec });
    const live = liveOf(manifest, fieldsOf({ metadata: { labels: { app: "web" } }, spec }));
    assert.equal(isProvenUnchanged(manifest, live), true);
    const same = canonical(spec) === canonical(other);
    assert.equal(isProvenUnchanged(manifestOf({ spec: other }), live), same);
    assert.equal(isProvenUnchanged(manifestOf({ spec }, { app: "web", tier: "x" }), live), false);
  }));
});
