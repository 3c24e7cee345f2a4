import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";
import { compressed, decompressed } from "../../lib/backup/zstd.ts";

const mebibyte = 1024 * 1024;

function textOf(size: number): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode("one row of a table like every other\t\\N\t42\n");
  return Uint8Array.from({ length: size }, (_, at) => line[at % line.length]!);
}

const inPieces = (bytes: Uint8Array<ArrayBuffer>, size: number) =>
  ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  })());

Deno.test("what was compressed comes out as it was, whatever its size and its pieces", async () => {
  for (const size of [0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte + 17]) {
    const plain = textOf(size);
    for (const piece of [65_536, 3 * mebibyte]) {
      const small = await new Response(compressed(inPieces(plain, piece))).bytes();
      assert.ok(small.length > 0 && small.length < size / 50 + 32, `${size}: ${small.length}`);
      assert.deepEqual(new Uint8Array(zstdDecompressSync(small)), plain);
      const back = await new Response(decompressed(inPieces(small, 1_000))).bytes();
      assert.equal(back.toHex(), plain.toHex());
    }
  }
});

Deno.test("a flipped bit is found out by the frame's checksum", async () => {
  const plain = crypto.getRandomValues(new Uint8Array(60_000));
  const small = await new Response(compressed(inPieces(plain, 4_096))).bytes();
  small[30_000]! ^= 1;
  await assert.rejects(new Response(decompressed(inPieces(small, 4_096))).bytes());
});

Deno.test("nothing is read before somebody asks for it, and not much more than was asked for", async () => {
  let read = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      read++;
      controller.enqueue(crypto.getRandomValues(new Uint8Array(65_536)));
    },
  }, { highWaterMark: 0 });
  const stream = compressed(endless);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(read, 0);
  const reader = stream.getReader();
  await reader.read();
  assert.equal(read, 16);
  await reader.cancel();
});

Deno.test("a source that fails fails the stream, in both directions", async () => {
  const whole = await new Response(compressed(inPieces(textOf(mebibyte), mebibyte))).bytes();
  const failing = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(whole.slice(0, 20)),
      pull: (controller) => controller.error(new Error("the connection was cut")),
    }, { highWaterMark: 0 });
  for (const direction of [compressed, decompressed]) {
    await assert.rejects(
      new Response(direction(failing())).bytes(),
      /^Error: the connection was cut$/,
    );
  }
});

Deno.test("damage and cuts anywhere make the stream fail, in one piece or in many", async () => {
  const plain = crypto.getRandomValues(new Uint8Array(60_000));
  const small = await new Response(compressed(inPieces(plain, 10_000))).bytes();
  const failing = (bytes: Uint8Array<ArrayBuffer>, size: number) =>
    assert.rejects(new Response(decompressed(inPieces(bytes, size))).bytes());
  for (const size of [small.length, 1_000]) {
    for (const place of [0, 10, small.length >> 1, small.length - 1]) {
      await failing(small.with(place, small[place]! ^ 1), size);
    }
    for (const length of [1, 12, small.length >> 1, small.length - 1]) {
      await failing(small.slice(0, length), size);
    }
  }
});
