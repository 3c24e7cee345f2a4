/** One element of DER. Source: ITU-T X.690. */
export interface DerElement {
  /** Its tag, such as 0x30 for a sequence. */
  tag: number;
  /** Tag, length and content. */
  whole: Uint8Array<ArrayBuffer>;
  /** Content alone. */
  content: Uint8Array<ArrayBuffer>;
}

/** The elements that bytes consist of. @throws {RangeError} when they do not */
export function derElements(bytes: Uint8Array<ArrayBuffer>): DerElement[] {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length;) {
    const element = derElement(bytes.subarray(start));
    elements.push(element);
    start += element.whole.length;
  }
  return elements;
}

/** The element that bytes begin with. @throws {RangeError} when they are cut off or no DER */
export function derElement(bytes: Uint8Array<ArrayBuffer>): DerElement {
  const tag = byteAt(bytes, 0);
  const first = byteAt(bytes, 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) throw new RangeError("a length that DER does not have");
  let length = lengthBytes === 0 ? first : 0;
  for (let index = 0; index < lengthBytes; index++) {
    length = length * 256 + byteAt(bytes, 2 + index);
  }
  const start = 2 + lengthBytes;
  if (bytes.length < start + length) throw new RangeError("it is cut off");
  return {
    tag,
    whole: bytes.subarray(0, start + length),
    content: bytes.subarray(start, start + length),
  };
}

/** Write an element from its tag and the parts of its content. */
export function derOf(
  tag: number,
  ...parts: readonly Uint8Array<ArrayBuffer>[]
): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes = length < 0x80 ? [length] : longLength(length);
  const element = new Uint8Array(1 + lengthBytes.length + length);
  element.set([tag, ...lengthBytes]);
  let at = 1 + lengthBytes.length;
  for (const part of parts) {
    element.set(part, at);
    at += part.length;
  }
  return element;
}

function longLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function byteAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new RangeError("it is cut off");
  return byte;
}
