/**
 * CRC-64 of bytes that come one piece after the other, as the archives of mongodump have it: ECMA-182's polynomial,
 * bits reversed, all bits of start and end turned. Source: Go's hash/crc64, ECMA.
 */
export interface Crc64 {
  /** Take the bytes from `start` up to `end` into it. */
  update(bytes: Uint8Array, start: number, end: number): void;
  /** The sum so far, as a signed number, which is how BSON holds it. */
  value(): bigint;
}

/** Make an empty {@linkcode Crc64}. */
export function createCrc64(): Crc64 {
  let [low, high] = [~0, ~0];
  return {
    update(bytes, start, end) {
      let at = start;
      let [l, h] = [low, high];
      // Eight bytes a step, by as many tables: a plain loop would take longer than all else that is done with them.
      for (; at + 8 <= end; at += 8) {
        l ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
        h ^= bytes[at + 4]! | bytes[at + 5]! << 8 | bytes[at + 6]! << 16 | bytes[at + 7]! << 24;
        const a = 0x700 | l & 255, b = 0x600 | l >>> 8 & 255;
        const c = 0x500 | l >>> 16 & 255, d = 0x400 | l >>> 24;
        const e = 0x300 | h & 255, f = 0x200 | h >>> 8 & 255;
        const g = 0x100 | h >>> 16 & 255, i = h >>> 24;
        l = lows[a]! ^ lows[b]! ^ lows[c]! ^ lows[d]! ^ lows[e]! ^ lows[f]! ^ lows[g]! ^ lows[i]!;
        h = highs[a]! ^ highs[b]! ^ highs[c]! ^ highs[d]! ^ highs[e]! ^ highs[f]! ^ highs[g]! ^
          highs[i]!;
      }
      for (; at < end; at++) {
        const entry = (l ^ bytes[at]!) & 255;
        l = (l >>> 8 | h << 24) ^ lows[entry]!;
        h = h >>> 8 ^ highs[entry]!;
      }
      [low, high] = [l, h];
    },
    value: () => BigInt.asIntN(64, BigInt(~high >>> 0) << 32n | BigInt(~low >>> 0)),
  };
}

/** Lower and upper halves of eight tables of 256 entries, one after the other. */
const lows = new Int32Array(8 * 256);
const highs = new Int32Array(8 * 256);

const polynomial = [0xD7870F42, 0xC96C5795] as const;

for (let byte = 0; byte < 256; byte++) {
  let [l, h] = [byte, 0];
  for (let bit = 0; bit < 8; bit++) {
    const odd = l & 1;
    l = l >>> 1 | h << 31;
    h >>>= 1;
    if (odd === 1) {
      l ^= polynomial[0];
      h ^= polynomial[1];
    }
  }
  lows[byte] = l;
  highs[byte] = h;
}
for (let entry = 256; entry < 8 * 256; entry++) {
  const [l, h] = [lows[entry - 256]!, highs[entry - 256]!];
  lows[entry] = (l >>> 8 | h << 24) ^ lows[l & 255]!;
  highs[entry] = h >>> 8 ^ highs[l & 255]!;
}
