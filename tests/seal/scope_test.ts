import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import {
  checkSealedName,
  labelOf,
  parseScope,
  scopeOf,
  scopes,
  withScope,
} from "../../lib/seal/scope.ts";

const clusterWide = "sealedsecrets.bitnami.com/cluster-wide";
const namespaceWide = "sealedsecrets.bitnami.com/namespace-wide";

Deno.test("annotations tell the scope, and the wider one wins", () => {
  assert.equal(scopeOf(undefined), "strict");
  assert.equal(scopeOf({ [namespaceWide]: "true" }), "namespace-wide");
  assert.equal(scopeOf({ [namespaceWide]: "true", [clusterWide]: "true" }), "cluster-wide");
  assert.equal(scopeOf({ [clusterWide]: "yes" }), "strict", 'only "true" counts');
});

Deno.test("a scope that is set replaces another one and leaves other annotations", () => {
  for (const scope of scopes) {
    const annotations = withScope({ [clusterWide]: "true", team: "a" }, scope);
    assert.equal(scopeOf(annotations), scope);
    assert.equal(annotations?.["team"], "a");
  }
  assert.equal(withScope({ [clusterWide]: "true" }, "strict"), undefined);
});

Deno.test("the label binds to as much as the scope says", () => {
  const name = { namespace: "shop", name: "db" };
  assert.equal(labelOf(name, "strict"), "shop/db");
  assert.equal(labelOf(name, "namespace-wide"), "shop");
  assert.equal(labelOf(name, "cluster-wide"), "");
  assert.equal(labelOf({}, "cluster-wide"), "");
});

Deno.test("a scope that needs a name or a namespace says which is missing", () => {
  assert.throws(() => labelOf({ name: "db" }, "strict"), /strict needs a namespace/);
  assert.throws(() => labelOf({ namespace: "shop" }, "strict"), /strict needs a name,/);
  assert.throws(() => labelOf({ namespace: "" }, "namespace-wide"), /needs a namespace/);
  assert.equal(labelOf({ namespace: "shop" }, "namespace-wide"), "shop");
});

Deno.test("only the three scopes are read", () => {
  assert.equal(parseScope("namespace-wide"), "namespace-wide");
  assert.throws(() => parseScope("everywhere"), UsageError);
});

Deno.test("checkSealedName() refuses names that no Secret can have, paths among them", () => {
  const wrong = [
    ["../../etc", "shop"],
    ["Web", "shop"],
    ["a/b", "shop"],
    ["", "shop"],
    ["web-", "shop"],
    [`${"a".repeat(254)}`, "shop"],
    ["web", "../shop"],
    ["web", "shop.example"],
    ["web", "a".repeat(64)],
  ] as const;
  for (const [name, namespace] of wrong) {
    assert.throws(
      () => checkSealedName({ name, namespace }, "it"),
      /Cannot seal it: no Secret can have the name/,
      `${namespace}/${name}`,
    );
  }
  checkSealedName({ name: `${"a".repeat(63)}.web-1`, namespace: "a".repeat(63) }, "it");
  checkSealedName({ name: "a".repeat(253) }, "it");
  checkSealedName({}, "it");
});
