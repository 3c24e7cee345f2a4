import assert from "node:assert/strict";
import { reshaped } from "../../lib/core/reshape.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const of = (...texts: string[]) => ReadableStream.from(texts.map(bytes));
const upper = (chunk: Uint8Array) => bytes(new TextDecoder().decode(chunk).toUpperCase());

Deno.test("reshaped() replaces chunks, drops those that become nothing, and adds an end", async () => {
  const stream = reshaped(of("a", "skip", "b"), {
    chunk: (chunk) => chunk.length > 1 ? undefined : upper(chunk),
    end: () => bytes("."),
  });
  assert.equal(await new Response(stream).text(), "AB.");
});

Deno.test("reshaped() tells its source when its work fails, and a failure of the source in other words", async () => {
  let cancelled: unknown;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(bytes("x")),
    cancel: (reason) => void (cancelled = reason),
  });
  const failure = new Error("no");
  const chunk = () => {
    throw failure;
  };
  await assert.rejects(new Response(reshaped(source, { chunk })).text(), failure);
  assert.equal(cancelled, failure);

  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new Error("cut")),
  });
  const told = reshaped(broken, {
    chunk: upper,
    failure: (error) => new Error(`told: ${(error as Error).message}`),
  });
  await assert.rejects(new Response(told).text(), /^Error: told: cut$/);
});

Deno.test("an end that throws fails the stream in place of ending it", async () => {
  const stream = reshaped(of("a"), {
    chunk: upper,
    end: () => {
      throw new Error("too short");
    },
  });
  const reader = stream.getReader();
  assert.equal((await reader.read()).value?.length, 1);
  await assert.rejects(reader.read(), /too short/);
});
