/** A value of a document, as far as they are read here. */
export type BsonValue = string | number | bigint | boolean | null;

/**
 * The fields of a flat BSON document. Of kinds that no header of an archive has, none is read.
 * Source: bsonspec.org, version 1.1.
 *
 * @throws {RangeError} when it is none, or has a field of another kind
 */
export function readBson(bytes: Uint8Array<ArrayBuffer>): Record<string, BsonValue> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0, true) !== bytes.length || bytes.at(-1) !== 0) {
    throw new RangeError("its length is not what it says");
  }
  const document: Record<string, BsonValue> = Object.create(null);
  let at = 4;
  while (at < bytes.length - 1) {
    const kind = bytes[at]!;
    const nameEnd = bytes.indexOf(0, at + 1);
    if (nameEnd < 0) throw new RangeError("a field's name has no end");
    const name = utf8.decode(bytes.subarray(at + 1, nameEnd));
    at = nameEnd + 1;
    const read = readers[kind];
    if (read === undefined) throw new RangeError(`the field ${name} is of the kind ${kind}`);
    const [value, size] = read(view, at, bytes);
    document[name] = value;
    at += size;
  }
  return document;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

type Reader = (
  view: DataView<ArrayBuffer>,
  at: number,
  bytes: Uint8Array<ArrayBuffer>,
) => [value: BsonValue, sizeBytes: number];

/** By the number that says of which kind a field is. */
const readers: Readonly<Record<number, Reader>> = {
  1: (view, at) => [view.getFloat64(at, true), 8],
  2: (view, at, bytes) => {
    const size = view.getInt32(at, true);
    if (size < 1 || at + 4 + size > bytes.length) throw new RangeError("a text has no end");
    return [utf8.decode(bytes.subarray(at + 4, at + 3 + size)), 4 + size];
  },
  8: (view, at) => [view.getUint8(at) !== 0, 1],
  10: () => [null, 0],
  16: (view, at) => [view.getInt32(at, true), 4],
  18: (view, at) => [view.getBigInt64(at, true), 8],
};
