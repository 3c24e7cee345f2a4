import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { setInYaml } from "../../lib/core/yaml_edit.ts";

const secret = `# of the shop
kind: SealedSecret
metadata:
  name: web # as the workload names it
  namespace: shop
spec:
  encryptedData:
    # rotated in spring
    A: AgB1 # first
    B: >-
      AgB2
      AgB3
    C:
    "D": "AgB4"
# end
`;

Deno.test("setInYaml() replaces texts of every style and keeps comments", () => {
  const path = (key: string) => ["spec", "encryptedData", key];
  const text = setInYaml(
    secret,
    ["A", "B", "C", "D"].map((key) => ({ path: path(key), value: `new${key}` })),
  );
  assert.equal(
    text,
    secret.replace("AgB1", "newA").replace(">-\n      AgB2\n      AgB3", "newB")
      .replace("C:", "C: newC").replace("AgB4", "newD"),
  );
});

Deno.test("setInYaml() makes the maps that lack, below what is there", () => {
  const text = setInYaml(secret, [
    { path: ["metadata", "annotations", "slipway.dev/x"], value: "A 1\nB 2\n" },
    { path: ["metadata", "annotations", "slipway.dev/y"], value: "yes" },
  ]);
  assert.equal(
    text,
    secret.replace(
      "shop\nspec",
      `shop\n  annotations:\n    slipway.dev/x: |\n      A 1\n      B 2\n    slipway.dev/y: "yes"\nspec`,
    ).replace(`"yes"`, stringify("yes").trim()),
  );
});

Deno.test("setInYaml() replaces a text of several lines by one of more lines", () => {
  const path = ["metadata", "annotations", "slipway.dev/x"];
  const once = setInYaml(secret, [{ path, value: "A 1\nB 2\n" }]);
  const twice = setInYaml(once, [{ path, value: "A 1\nB 3\nC 4\n" }]);
  assert.equal(twice, once.replace("      B 2\n", "      B 3\n      C 4\n"));
});

Deno.test("setInYaml() writes a map within braces out, line by line", () => {
  const text = setInYaml("sealedSecrets:\n  redis: { namespace: data, keys: [a, b] } # cache\n", [
    { path: ["sealedSecrets", "redis", "sealed", "a"], value: "AgB" },
  ]);
  assert.equal(
    text,
    "sealedSecrets:\n  redis:\n    namespace: data\n    keys: [a, b]\n    sealed:\n      a: AgB # cache\n",
  );
});

Deno.test("setInYaml() fills a key that has nothing behind it yet", () => {
  const path = ["environments", "dev", "sealed"];
  for (const comment of ["", " # no overlay yet"]) {
    assert.equal(
      setInYaml(`environments:\n  dev:${comment}\n  prod: {}\n`, [
        { path: [...path, "a"], value: "AgB" },
        { path: [...path, "b"], value: "AgC" },
      ]),
      `environments:\n  dev:${comment}\n    sealed:\n      a: AgB\n      b: AgC\n  prod: {}\n`,
    );
  }
});

Deno.test("setInYaml() keeps JSON being JSON, compact or not", () => {
  const value = { kind: "SealedSecret", metadata: { name: "web" }, spec: { encryptedData: {} } };
  for (const indent of [undefined, 2]) {
    const text = setInYaml(JSON.stringify(value, undefined, indent), [
      { path: ["metadata", "annotations", "x"], value: "a\nb\n" },
      { path: ["metadata", "name"], value: "app" },
      { path: ["spec", "encryptedData", "K"], value: "AgB" },
    ]);
    assert.deepEqual(JSON.parse(text), {
      kind: "SealedSecret",
      metadata: { name: "app", annotations: { x: "a\nb\n" } },
      spec: { encryptedData: { K: "AgB" } },
    });
  }
});

Deno.test("setInYaml() reaches items of a list and documents of a stream", () => {
  const text = setInYaml("a: 1\n---\nitems:\n  - spec:\n      k: x\n  - spec: {}\n", [
    { document: 1, path: ["items", "0", "spec", "l"], value: "y" },
    { document: 1, path: ["items", "1", "spec", "m"], value: "z" },
  ]);
  assert.deepEqual(parseAllDocuments(text).map((document) => document.toJS()), [
    { a: 1 },
    { items: [{ spec: { k: "x", l: "y" } }, { spec: { m: "z" } }] },
  ]);
});

Deno.test("setInYaml() refuses a path through something that is no map", () => {
  assert.throws(() => setInYaml("a: b\n", [{ path: ["a", "c"], value: "d" }]), RangeError);
  assert.throws(() => setInYaml("a: {}\n", [{ path: ["a"], value: "d" }]), RangeError);
  assert.throws(
    () => setInYaml("a: b\n", [{ document: 1, path: ["a"], value: "d" }]),
    RangeError,
  );
});

Deno.test("setInYaml() changes what it is told to, and nothing else, in any document", () => {
  const key = fc.constantFrom("a", "b", "c", "yes", "1", "key with: colon");
  const leaf = fc.oneof(fc.string(), fc.constantFrom("x\ny\n", "x\n\ny", "no", "0o7", "# c"));
  const tree = fc.letrec((tie) => ({
    map: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, leaf, tie("map")), {
      minKeys: 1,
      noNullPrototype: true,
    }),
  })).map as fc.Arbitrary<Record<string, unknown>>;
  const asText = fc.constantFrom(
    (value: unknown) => stringify(value),
    (value: unknown) => stringify(value, { collectionStyle: "flow" }),
    (value: unknown) => stringify(value, { collectionStyle: "flow", lineWidth: 0 }),
    (value: unknown) => JSON.stringify(value),
    (value: unknown) => JSON.stringify(value, undefined, 2),
  );
  fc.assert(fc.property(
    tree,
    asText,
    fc.array(key, { minLength: 1, maxLength: 3 }),
    // Sealed values and records are printable.
    fc.constantFrom("AgB", "x y", "a=b c=d\ne=f\n"),
    (value, write, path, wanted) => {
      const expected = put(value, path, wanted);
      if (expected === undefined) return;
      const text = setInYaml(write(value), [{ path, value: wanted }]);
      assert.deepEqual(parseAllDocuments(text).map((document) => document.toJS()), [expected]);
    },
  ));
});

/** The value with a text at a path; undefined where something else is in the way. */
function put(
  value: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  wanted: string,
): Record<string, unknown> | undefined {
  const inner = value[key!];
  if (rest.length === 0) {
    return typeof inner === "object" ? undefined : { ...value, [key!]: wanted };
  }
  if (inner !== undefined && typeof inner !== "object") return undefined;
  const changed = put((inner ?? {}) as Record<string, unknown>, rest, wanted);
  return changed && { ...value, [key!]: changed };
}
