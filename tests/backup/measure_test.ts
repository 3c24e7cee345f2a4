import assert from "node:assert/strict";
import { checkMeasure, metered } from "../../lib/backup/measure.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
// printf 'hello world' | sha256sum
const hello = {
  sizeBytes: 11,
  sha256: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
};

Deno.test("a meter passes on what it counts", async () => {
  const totals: number[] = [];
  const chunks = ReadableStream.from([bytes("hello "), bytes("world")]);
  const meter = metered(chunks, (total) => totals.push(total));
  assert.equal(meter.ended(), false);
  assert.equal(await new Response(meter.stream).text(), "hello world");
  assert.equal(meter.ended(), true);
  assert.deepEqual(meter.measure(), hello);
  assert.deepEqual(meter.measure(), hello);
  assert.deepEqual(totals, [6, 11]);
});

Deno.test("what is cut off, longer or changed is refused", () => {
  checkMeasure(hello, hello, "x");
  const shorter = { ...hello, sizeBytes: 10 };
  const longer = { ...hello, sizeBytes: 12 };
  const other = { ...hello, sha256: "0".repeat(64) };
  assert.throws(
    () => checkMeasure(shorter, hello, "x"),
    /x is cut off: it has 10 bytes .* wanted 11/,
  );
  assert.throws(() => checkMeasure(longer, hello, "x"), /x is longer than it was written/);
  assert.throws(() => checkMeasure(other, hello, "x"), /x was changed: its SHA-256 is 0000/);
});
