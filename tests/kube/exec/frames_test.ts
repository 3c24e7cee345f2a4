import assert from "node:assert/strict";
import fc from "fast-check";
import { joinBytes } from "../../../lib/core/bytes.ts";
import { encodeFrame, frameParser, opcodes } from "../../../lib/kube/exec/frames.ts";

/** A frame as a server sends it: with a mask of zeros, which changes nothing, taken out. */
function fromServer(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = encodeFrame(opcode, [payload], new Uint8Array(4));
  const header = frame.subarray(0, frame.length - payload.length - 4);
  header[1]! &= 0x7f;
  return joinBytes([header, payload]);
}

Deno.test("frames are found however the bytes are cut", () =>
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
      (payloads, cuts) => {
        const all = joinBytes(payloads.map((payload) => fromServer(opcodes.binary, payload)));
        const parse = frameParser();
        const found: number[][] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = cuts[turn % cuts.length]!;
          for (const { payload } of parse(all.slice(at, at + size))) found.push([...payload]);
          at += size;
        }
        assert.deepEqual(found, payloads.map((payload) => [...payload]));
      },
    ),
  ));

Deno.test("lengths of all three forms are written and read", () => {
  for (const length of [0, 125, 126, 65_535, 65_536, 200_000]) {
    const payload = new Uint8Array(length).fill(7);
    const [frame] = frameParser()(fromServer(opcodes.binary, payload));
    assert.equal(frame!.payload.length, length);
    assert.ok(frame!.payload.every((byte) => byte === 7));
  }
});

Deno.test("what is sent is masked, and the mask gives it back", () => {
  const mask = Uint8Array.of(1, 2, 3, 4);
  const payload = Uint8Array.from({ length: 70_001 }, (_, index) => index % 251);
  const frame = encodeFrame(opcodes.binary, [payload.subarray(0, 5), payload.subarray(5)], mask);
  assert.deepEqual([...frame.subarray(0, 2)], [0x82, 0x80 | 127]);
  const body = frame.subarray(14).map((byte, index) => byte ^ mask[index % 4]!);
  assert.deepEqual(body, payload);
});

Deno.test("bytes that are no frames of a server are refused", () => {
  assert.throws(() => frameParser()(Uint8Array.of(0x82, 0x81, 0, 0, 0, 0)), /no WebSocket frame/);
  const huge = Uint8Array.of(0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0);
  assert.throws(() => frameParser()(huge), /a frame has/);
});
