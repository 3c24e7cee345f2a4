import { joinBytes } from "../../core/bytes.ts";
import { SlipwayError } from "../../core/errors.ts";

/** What a frame is. Source: RFC 6455, section 5.2. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** One frame of a WebSocket. */
export interface Frame {
  /** One of {@linkcode opcodes}. */
  opcode: number;
  /** What it carries. */
  payload: Uint8Array<ArrayBuffer>;
}

/** The longest frame that is taken, in bytes. API servers send at most 32 KiB and a byte. */
const longestFrameBytes = 16 * 1024 * 1024;

/**
 * A frame as a client sends it, masked, from the parts of its payload.
 * Source: RFC 6455, sections 5.2 and 5.3.
 */
export function encodeFrame(
  opcode: number,
  parts: readonly Uint8Array[],
  mask: Uint8Array = crypto.getRandomValues(new Uint8Array(4)),
): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const headerBytes = 2 + lengthBytes + 4;
  // The payload begins at a multiple of four, so that it can be masked a word at a time.
  const start = (4 - headerBytes % 4) % 4;
  const buffer = new ArrayBuffer(start + headerBytes + Math.ceil(length / 4) * 4);
  const frame = new Uint8Array(buffer, start, headerBytes + length);
  const view = new DataView(buffer, start);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) view.setUint16(2, length);
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(length));
  frame.set(mask, 2 + lengthBytes);
  let at = headerBytes;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  const [key] = new Uint32Array(Uint8Array.from(mask).buffer);
  const words = new Uint32Array(buffer, start + headerBytes);
  for (let index = 0; index < words.length; index++) words[index]! ^= key!;
  return frame;
}

/**
 * Takes the frames of a server out of the bytes that arrive. A message in fragments comes as its fragments.
 *
 * @returns a function that takes the next bytes, which it keeps, and gives the frames that they complete
 * @throws {SlipwayError} the function does, when the bytes are no frames of a server
 */
export function frameParser(): (bytes: Uint8Array<ArrayBuffer>) => Frame[] {
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  let wantedBytes = 2;

  return (bytes) => {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes < wantedBytes) return [];
    const all = held.length === 1 ? bytes : joinBytes(held);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const rest = all.subarray(at);
      const header = headerOf(rest);
      wantedBytes = header === undefined ? rest.length + 1 : header.headerBytes + header.length;
      if (header === undefined || rest.length < wantedBytes) {
        held = rest.length === 0 ? [] : [rest];
        heldBytes = rest.length;
        return frames;
      }
      frames.push({
        opcode: header.opcode,
        payload: rest.subarray(header.headerBytes, wantedBytes),
      });
      at += wantedBytes;
    }
  };
}

function headerOf(
  bytes: Uint8Array<ArrayBuffer>,
): { opcode: number; headerBytes: number; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes[0]!, bytes[1]!];
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) {
    throw new SlipwayError("what arrives is no WebSocket frame of a server");
  }
  const headerBytes = second === 127 ? 10 : second === 126 ? 4 : 2;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = second === 127
    ? Number(view.getBigUint64(2))
    : second === 126
    ? view.getUint16(2)
    : second;
  if (length > longestFrameBytes) {
    throw new SlipwayError(
      `a frame has ${length} bytes, wanted at most ${longestFrameBytes}`,
    );
  }
  return { opcode: first & 0x0f, headerBytes, length };
}
