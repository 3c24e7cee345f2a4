import assert from "node:assert/strict";
import fc from "fast-check";
import { alphabetSize, randomText } from "../../../lib/vault/configure/generate.ts";

const patterns = {
  alphanumeric: /^[A-Za-z0-9]*$/,
  hex: /^[0-9a-f]*$/,
  base64url: /^[A-Za-z0-9_-]*$/,
  symbols: /^[A-Za-z0-9!*+,.:=^_~-]*$/,
} as const;

const alphabets = Object.keys(patterns) as (keyof typeof patterns)[];

Deno.test("randomText() has the length and the characters that are asked for", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom(...alphabets),
    (length, alphabet) => {
      const text = randomText({ length, alphabet });
      assert.equal(text.length, length);
      assert.match(text, patterns[alphabet]);
    },
  ));
});

Deno.test("randomText() takes each character as often as any other when each byte comes once", () => {
  for (const alphabet of alphabets) {
    const size = alphabetSize(alphabet);
    const length = 256 - 256 % size;
    let next = 0;
    const text = randomText({ length, alphabet }, (bytes) => bytes.map(() => next++ % 256));
    const counts = Map.groupBy(text, (character) => character);
    assert.equal(counts.size, size, alphabet);
    assert.ok([...counts.values()].every(({ length: count }) => count === length / size), alphabet);
  }
});

Deno.test("randomText() throws bytes away that would prefer the first characters", () => {
  const bytes = [255, 254, 253, 252, 251, 250, 249, 248, 0];
  const text = randomText(
    { length: 1, alphabet: "alphanumeric" },
    () => Uint8Array.of(bytes.shift()!),
  );
  assert.equal(text, "A");
  assert.deepEqual(bytes, []);
});
