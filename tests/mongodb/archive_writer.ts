/** A collection as a test writes it into an archive. */
export interface WrittenCollection {
  database: string;
  name: string;
  /** Its documents, each of any one text. */
  documents: readonly string[];
  type?: "collection" | "view" | "timeseries";
  metadata?: string;
  /** Name that its segments have. @default its own */
  segmentName?: string;
}

/** Where an archive of a test is other than mongodump's. */
export interface WrittenArchive {
  collections: readonly WrittenCollection[];
  serverVersion?: string;
  /** Leave out the mark at the end of this collection, and all that would follow it. */
  endWithout?: string;
  /** The sum that the marks have. @default the right one */
  crc?: bigint;
}

type Field = [name: string, value: string | boolean | number | bigint];

/** A BSON document of these fields. */
export function bson(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [0, 0, 0, 0];
  const text = (value: string) => bytes.push(...new TextEncoder().encode(value), 0);
  const number = (size: 4 | 8, value: bigint) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, value, true);
    bytes.push(...new Uint8Array(view.buffer, 0, size));
  };
  for (const [name, value] of fields) {
    const kind = { string: 2, boolean: 8, number: 16, bigint: 18 }[typeof value as "string"];
    bytes.push(kind);
    text(name);
    if (typeof value === "string") {
      number(4, BigInt(new TextEncoder().encode(value).length + 1));
      text(value);
    } else if (typeof value === "boolean") bytes.push(value ? 1 : 0);
    else number(typeof value === "number" ? 4 : 8, BigInt(value));
  }
  bytes.push(0);
  const document = Uint8Array.from(bytes);
  new DataView(document.buffer).setInt32(0, document.length, true);
  return document;
}

/** CRC-64 by ECMA-182, bit by bit: another way to the same number than the one that is tested. */
export function slowCrc64(bytes: Uint8Array): bigint {
  let crc = (1n << 64n) - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xC96C5795D7870F42n : crc >> 1n;
    }
  }
  return BigInt.asIntN(64, ~crc);
}

const terminator = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

/** An archive as mongodump writes it: all segments of a collection, then its mark. */
export function writeArchive(archive: WrittenArchive): Uint8Array<ArrayBuffer> {
  const { collections, serverVersion = "7.0.25", endWithout, crc } = archive;
  const parts: Uint8Array<ArrayBuffer>[] = [
    Uint8Array.of(0x6d, 0xe2, 0x99, 0x81),
    bson([
      ["concurrent_collections", 4],
      ["version", "0.1"],
      ["server_version", serverVersion],
      ["tool_version", "100.13.0"],
    ]),
    ...collections.map(({ database, name, metadata = "{}", type = "collection" }) =>
      bson([["db", database], ["collection", name], ["metadata", metadata], ["size", 0], [
        "type",
        type,
      ]])
    ),
    terminator,
  ];
  for (const { database, name, segmentName = name, documents } of collections) {
    const header = (end: boolean, sum: bigint) =>
      bson([["db", database], ["collection", segmentName], ["EOF", end], ["CRC", sum]]);
    const written = documents.map((text) => bson([["_id", text]]));
    // Two segments, so that a collection is more than one of them.
    const half = Math.ceil(written.length / 2);
    for (const segment of [written.slice(0, half), written.slice(half)]) {
      if (segment.length > 0) parts.push(header(false, 0n), ...segment, terminator);
    }
    if (endWithout === name) break;
    parts.push(header(true, crc ?? slowCrc64(join(written))), terminator);
  }
  return join(parts);
}

/** Many byte arrays as one. */
export function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
