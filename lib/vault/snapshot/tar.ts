import { SlipwayError } from "../../core/errors.ts";

/** One file of a tar archive. */
export interface TarEntry {
  /** Its name. */
  name: string;
  /** Its size in bytes. */
  sizeBytes: number;
}

/** Takes the bytes of a file, piece by piece. */
export type TarSink = (piece: Uint8Array<ArrayBuffer>) => void;

const blockBytes = 512;

/**
 * Read a tar archive while it comes. `visit` says, for each file, what takes its bytes.
 * Source: POSIX, pax, "ustar Interchange Format" and "pax Header Block".
 *
 * @throws {SlipwayError} when it is none, or ends early
 */
export async function readTar(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  visit: (entry: TarEntry) => TarSink,
): Promise<void> {
  const bytes = byteReader(stream);
  let extended: Record<string, string> = {};
  for (;;) {
    const header = await bytes.block();
    if (header.every((byte) => byte === 0)) break;
    checkHeader(header);
    const type = String.fromCharCode(header[156]!);
    const sizeBytes = Number(extended["size"] ?? sizeOf(header));
    const padding = (blockBytes - sizeBytes % blockBytes) % blockBytes;
    if (type === "x" || type === "g") {
      const pieces: Uint8Array[] = [];
      await bytes.pass(sizeBytes, (piece) => pieces.push(piece));
      if (type === "x") extended = paxFields(new TextDecoder().decode(joined(pieces)));
    } else {
      const name = extended["path"] ?? textOf(header.subarray(0, 100));
      await bytes.pass(sizeBytes, visit({ name, sizeBytes }));
      extended = {};
    }
    await bytes.pass(padding, () => {});
  }
  await bytes.rest();
}

function byteReader(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader();
  let held: Uint8Array<ArrayBuffer> = new Uint8Array();
  const pass = async (count: number, sink: TarSink): Promise<void> => {
    while (count > 0) {
      if (held.length === 0) {
        const { done, value } = await reader.read();
        if (done) throw new SlipwayError("Cannot read a tar archive: it ends early");
        held = value;
      }
      const piece = held.subarray(0, count);
      sink(piece);
      held = held.subarray(piece.length);
      count -= piece.length;
    }
  };
  return {
    pass,
    async block(): Promise<Uint8Array> {
      const pieces: Uint8Array[] = [];
      await pass(blockBytes, (piece) => pieces.push(piece));
      return joined(pieces);
    },
    /** What compressed the archive checks its sum at the end only, so all must be read. */
    async rest(): Promise<void> {
      while (!(await reader.read()).done);
    },
  };
}

/** The sum is that of the header with spaces in its own place. */
function checkHeader(header: Uint8Array): void {
  const wanted = parseInt(textOf(header.subarray(148, 156)), 8);
  const found = header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (found === wanted) return;
  throw new SlipwayError(
    `Cannot read a tar archive: the sum of a header is ${found}, wanted ${wanted}`,
  );
}

/** Octal digits, or a large number in binary with the first bit set. */
function sizeOf(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if ((field[0]! & 0x80) === 0) return parseInt(textOf(field) || "0", 8);
  return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
}

/** Lines of length, space, key, equals sign and value. */
function paxFields(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^\d+ ([^=]+)=(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value ?? ""]];
    }),
  );
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
