import assert from "node:assert/strict";
import { unlessSilent } from "../../lib/core/silence.ts";

const hello = new TextEncoder().encode("hello");

Deno.test("unlessSilent() passes on what comes, and the end", async () => {
  const stream = unlessSilent(ReadableStream.from([hello, hello]), 10_000, () => "silent");
  assert.equal(await new Response(stream).text(), "hellohello");
});

Deno.test("unlessSilent() fails when nothing comes, and ends what it read", async () => {
  let cancelled: unknown;
  const mute = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(hello),
    cancel: (reason) => void (cancelled = reason),
  });
  const reader = unlessSilent(mute, 20, () => new Error("silent")).getReader();
  assert.deepEqual((await reader.read()).value, hello);
  await assert.rejects(reader.read(), /silent/);
  assert.match(String(cancelled), /silent/);
});

Deno.test("unlessSilent() passes on a failure", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new Error("cut off")),
  });
  await assert.rejects(
    new Response(unlessSilent(broken, 10_000, () => "silent")).text(),
    /cut off/,
  );
});
