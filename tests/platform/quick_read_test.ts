import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { readQuickly } from "../../lib/platform/quick_read.ts";
import { readSource } from "../../lib/platform/source.ts";

const folder = new URL("../../manifests/platforms/", import.meta.url);

Deno.test("readQuickly() reads each platform file as the slow parser does", async () => {
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(`${name}/platform.yaml`, folder));
    const value = readQuickly(text);
    assert.notEqual(value, undefined, `${name} is left to the slow parser`);
    assert.deepEqual(value, readSource(text).value, name);
  }
});

Deno.test("readQuickly() reads what the slow parser reads, or leaves it to that one", () => {
  const words = ["yes", "No", "0o7", "017", "1_000", "12:30", "~", "null", "", "1e3", ".5", "0x1F"];
  const leaf = fc.oneof(fc.constantFrom(...words), fc.string(), fc.integer(), fc.boolean());
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("node")), tie("map")),
    map: fc.dictionary(fc.string({ minLength: 1 }), tie("node")),
  })).map;
  fc.assert(fc.property(value, (document) => {
    const text = stringify(document, { version: "1.2" });
    const quick = readQuickly(text);
    if (quick !== undefined) assert.deepEqual(quick, readSource(text).value);
  }));
});

Deno.test("readQuickly() reads plain words as the slow parser does", () => {
  for (
    const word of ["yes", "on", "0o7", "017", "1_000", "12:30", "2026-11-21", "+1", "1.", "True"]
  ) {
    assert.deepEqual(readQuickly(`a: ${word}`), readSource(`a: ${word}`).value, word);
  }
});

Deno.test("readQuickly() leaves mistakes, and what platform files do not have, to the slow parser", () => {
  for (
    const text of ["a: &x 1\nb: *x", "a: !!str 1", "a: 1\na: 2", "a: [", "a: 1\n---\nb: 2", ""]
  ) {
    assert.equal(readQuickly(text), undefined, text);
  }
});
