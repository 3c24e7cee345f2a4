import assert from "node:assert/strict";
import fc from "fast-check";
import { isMap, mergePatch } from "../../lib/platform/overlay.ts";

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor");

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(fc.tuple(key, tie("document")), { maxLength: 4 }).map((entries) =>
      Object.fromEntries(entries as [string, unknown][])
    ),
  ),
}));
const map = document.filter(isMap) as fc.Arbitrary<Record<string, unknown>>;

/** The document without keys that are null, which a merge can never produce. */
function withoutNulls(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== null)
      .map(([name, field]) => [name, withoutNulls(field)]),
  );
}

function hasNull(value: unknown): boolean {
  return isMap(value) && Object.values(value).some((field) => field === null || hasNull(field));
}

Deno.test("mergePatch() gives each result in the appendix of RFC 7386", () => {
  const cases: [unknown, unknown, unknown][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [["a", "b"], ["c", "d"], ["c", "d"]],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, wanted] of cases) {
    assert.deepEqual(mergePatch(target, patch), wanted);
  }
});

Deno.test("mergePatch() with an empty map changes no map", () => {
  fc.assert(fc.property(map, (target) => assert.deepEqual(mergePatch(target, {}), target)));
});

Deno.test("mergePatch() applied twice is the same as once", () => {
  fc.assert(fc.property(document, document, (target, patch) => {
    const once = mergePatch(target, patch);
    assert.deepEqual(mergePatch(once, patch), once);
  }));
});

Deno.test("mergePatch() onto nothing gives the patch without its nulls", () => {
  fc.assert(fc.property(document, (patch) => {
    assert.deepEqual(mergePatch(undefined, patch), withoutNulls(patch));
  }));
});

/** Whether a second patch puts a map where the first puts something else. */
function revives(first: unknown, second: unknown): boolean {
  if (!isMap(second)) return false;
  if (!isMap(first)) return true;
  return Object.keys(second).some((name) =>
    Object.hasOwn(first, name) && revives(first[name], second[name])
  );
}

Deno.test("mergePatch() is associative for patches that delete nothing", () => {
  // Merging two patches first forgets what they delete: by null, or by a value that the second makes a map again.
  const kept = map.filter((value) => !hasNull(value));
  fc.assert(fc.property(map, kept, kept, (target, first, second) => {
    fc.pre(!revives(first, second));
    assert.deepEqual(
      mergePatch(mergePatch(target, first), second),
      mergePatch(target, mergePatch(first, second)),
    );
  }));
});

Deno.test("mergePatch() deletes every key that is null in the patch, and replaces lists whole", () => {
  fc.assert(fc.property(map, key, fc.array(scalar), (target, name, list) => {
    assert.equal(Object.hasOwn(mergePatch(target, entry(name, null)) as object, name), false);
    const replaced = mergePatch(target, entry(name, list)) as object;
    assert.deepEqual(Object.entries(replaced).find(([found]) => found === name)?.[1], list);
  }));
});

Deno.test("mergePatch() changes neither of its arguments", () => {
  fc.assert(fc.property(document, document, (target, patch) => {
    const before = JSON.stringify([target, patch]);
    mergePatch(target, patch);
    assert.equal(JSON.stringify([target, patch]), before);
  }));
});

function entry(name: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([[name, value]]);
}
