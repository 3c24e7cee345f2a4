import assert from "node:assert/strict";
import fc from "fast-check";
import { linesOf } from "../../../lib/kube/client/watch_lines.ts";

async function lines(chunks: Uint8Array[]): Promise<string[]> {
  const left = [...chunks];
  return await Array.fromAsync(linesOf(() => Promise.resolve(left.shift())));
}

Deno.test("lines are the same however the stream is cut into chunks", async () => {
  const text = fc.array(
    fc.string({ unit: "grapheme" }).filter((line) => !/[\n\r]/.test(line) && line.trim() !== ""),
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  await fc.assert(fc.asyncProperty(text, cuts, async (wanted, sizes) => {
    const bytes = new TextEncoder().encode(wanted.map((line) => `${line}\n`).join(""));
    const chunks: Uint8Array[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length]!;
      chunks.push(bytes.slice(at, at + size));
      at += size;
    }
    assert.deepEqual(await lines(chunks), wanted);
  }));
});

Deno.test("a last line without its line feed was cut, and is dropped", async () => {
  assert.deepEqual(await lines([new TextEncoder().encode('{"a":1}\n\n{"b":')]), ['{"a":1}']);
});
