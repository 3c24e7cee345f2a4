import { joinBytes } from "./bytes.ts";
import { SlipwayError } from "./errors.ts";

/** One entry of a tar archive. */
export interface TarEntry {
  /** Its name. */
  name: string;
  /** Its size in bytes. */
  sizeBytes: number;
  /** Its type: `0` is a file, `1` a hard link, `2` a symbolic link, `5` a folder. */
  type: string;
  /** What a link points to; empty for all else. */
  link: string;
}

/** Takes the bytes of a file, piece by piece. */
export type TarSink = (piece: Uint8Array<ArrayBuffer>) => void;

/** Reads a tar archive from bytes that it is given. */
export interface TarReader {
  /** The next bytes. */
  push(bytes: Uint8Array<ArrayBuffer>): void;
  /**
   * No bytes follow.
   *
   * @throws {SlipwayError} when the archive is not at its end
   */
  end(): void;
}

const blockBytes = 512;

/**
 * Make a reader of tar archives, which throws at what is none. `visit` says, for each entry, what takes its bytes.
 * Source: POSIX, pax, "ustar Interchange Format" and "pax Header Block".
 */
export function tarReader(visit: (entry: TarEntry) => TarSink): TarReader {
  let pieces: Uint8Array[] = [];
  const collect: TarSink = (piece) => void pieces.push(piece);
  const ignore: TarSink = () => {};
  let extended: Record<string, string> = {};
  let ended = false;
  let current: { left: number; sink: TarSink; then: () => void };

  const take = (left: number, sink: TarSink, then: () => void) => {
    pieces = [];
    current = { left, sink, then };
  };
  const nextHeader = () => take(blockBytes, collect, () => onHeader(joinBytes(pieces)));
  function onHeader(header: Uint8Array): void {
    if (header.every((byte) => byte === 0)) {
      ended = true;
      return;
    }
    checkHeader(header);
    const type = String.fromCharCode(header[156]!);
    const sizeBytes = Number(extended["size"] ?? sizeOf(header));
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new SlipwayError(
        "Cannot read a tar archive: the size in a header is no number of bytes",
      );
    }
    const padding = (blockBytes - sizeBytes % blockBytes) % blockBytes;
    const skipPadding = () => take(padding, ignore, nextHeader);
    if (type === "x" || type === "g") {
      return take(sizeBytes, collect, () => {
        if (type === "x") extended = paxFields(joinBytes(pieces));
        skipPadding();
      });
    }
    const name = extended["path"] ?? nameOf(header);
    const link = extended["linkpath"] ?? textOf(header.subarray(157, 257));
    extended = {};
    take(
      sizeBytes,
      visit({ name, sizeBytes, type: type === "\0" ? "0" : type, link }),
      skipPadding,
    );
  }

  nextHeader();
  return {
    push(bytes) {
      while (bytes.length > 0 && !ended) {
        const piece = bytes.subarray(0, current.left);
        current.sink(piece);
        current.left -= piece.length;
        bytes = bytes.subarray(piece.length);
        while (current.left === 0 && !ended) current.then();
      }
    },
    end() {
      if (!ended) throw new SlipwayError("Cannot read a tar archive: it ends early");
    },
  };
}

/**
 * Read a tar archive while it comes, and all that follows it: what compressed it may check its sum at the end only.
 *
 * @throws {SlipwayError} when it is none, or ends early
 */
export async function readTar(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  visit: (entry: TarEntry) => TarSink,
): Promise<void> {
  const reader = tarReader(visit);
  for await (const bytes of stream) reader.push(bytes);
  reader.end();
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
  if ((field[0]! & 0x80) === 0) return parseInt(textOf(field).trim() || "0", 8);
  return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
}

/** A long name may have its first folders in a field of their own. */
function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = textOf(header.subarray(257, 263)) === "ustar" && header[262] === 0;
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records of length in bytes, space, key, equals sign, value and a line's end; values may have lines of their own. */
function paxFields(bytes: Uint8Array): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const length = parseInt(new TextDecoder().decode(bytes.subarray(at, at + 20)), 10);
    if (!(length > 0)) break;
    const record = new TextDecoder().decode(bytes.subarray(at, at + length - 1));
    const [, key, value] = /^\d+ ([^=]+)=([\s\S]*)$/.exec(record) ?? [];
    if (key !== undefined) fields[key] = value ?? "";
    at += length;
  }
  return fields;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
