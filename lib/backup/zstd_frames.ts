import { zstdDecompressSync } from "node:zlib";
import { joinBytes } from "../core/bytes.ts";

const magic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
/** The longest frame that is read whole, in bytes; those of backups hold 1 MiB. */
const longestFrameBytes = 64 * 1024 * 1024;

/**
 * Takes zstd frames out of the bytes that arrive, and decompresses them.
 *
 * @returns a function that takes the next bytes and gives what the frames that they complete hold, and one that fails
 * where a frame is not at its end
 * @throws {RangeError} the functions do, at what is no zstd or cut off
 * @throws {Error} the first function does, at a frame that is damaged
 */
export function frameDecompressor(): {
  push(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined;
  end(): void;
} {
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  let wantedBytes = 1;
  return {
    push(bytes) {
      held.push(bytes);
      heldBytes += bytes.length;
      if (heldBytes < wantedBytes) return undefined;
      let rest = held.length === 1 ? bytes : joinBytes(held);
      const plain: Uint8Array[] = [];
      for (;;) {
        const { length, isWhole } = frameLength(rest);
        wantedBytes = length;
        if (length > longestFrameBytes) {
          throw new RangeError(`a zstd frame has more than ${longestFrameBytes} bytes`);
        }
        if (!isWhole || rest.length < length) break;
        if ((readMagic(rest) & 0xfffffff0) !== skippableMagic) {
          plain.push(zstdDecompressSync(rest.subarray(0, length)));
        }
        rest = rest.subarray(length);
      }
      held = rest.length === 0 ? [] : [rest];
      heldBytes = rest.length;
      return joinBytes(plain);
    },
    end() {
      if (heldBytes > 0) throw new RangeError("it ends within a zstd frame");
    },
  };
}

function readMagic(bytes: Uint8Array<ArrayBuffer>): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/**
 * How long the frame is that begins here, or else how many bytes it takes to know more. Source: RFC 8878, section 3.1.
 */
function frameLength(bytes: Uint8Array<ArrayBuffer>): { length: number; isWhole: boolean } {
  const needs = (length: number) => ({ length, isWhole: false });
  if (bytes.length < 9) return needs(Math.max(bytes.length + 1, 9));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if ((view.getUint32(0, true) & 0xfffffff0) === skippableMagic) {
    return { length: 8 + view.getUint32(4, true), isWhole: true };
  }
  if (view.getUint32(0, true) !== magic) throw new RangeError("it is no zstd frame");
  const descriptor = bytes[4]!;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  let at = 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (;;) {
    if (bytes.length < at + 3) return needs(at + 3);
    const header = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16;
    const type = header >> 1 & 3;
    if (type === 3) throw new RangeError("a zstd block has a type that there is not");
    // A block of one repeated byte has only that.
    at += 3 + (type === 1 ? 1 : header >> 3);
    if ((header & 1) === 1) return { length: at + ((descriptor & 4) === 0 ? 0 : 4), isWhole: true };
  }
}
