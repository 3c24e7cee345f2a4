import { SlipwayError } from "../../core/errors.ts";

const blockBytes = 512;

/**
 * Write one file out of a `.tar.gz` archive to `target`, mode 0700.
 * Source: POSIX.1-2017, pax: "ustar Interchange Format".
 *
 * @throws {SlipwayError} when the archive has no such file, or ends early
 */
export async function extractMember(
  archive: string,
  member: string,
  target: string,
): Promise<void> {
  const source = await Deno.open(archive);
  const reader = blocks(source.readable.pipeThrough(new DecompressionStream("gzip")));
  try {
    for (;;) {
      const header = await reader.read(blockBytes);
      if (header === undefined || header.every((byte) => byte === 0)) {
        throw new SlipwayError(`Cannot unpack ${archive}: there is no ${member} in it`);
      }
      const entry = parseHeader(header);
      const padded = Math.ceil(entry.sizeBytes / blockBytes) * blockBytes;
      if (entry.name !== member) {
        await reader.skip(padded);
        continue;
      }
      await using output = await openTarget(target);
      await reader.copy(entry.sizeBytes, output.writer);
      return;
    }
  } finally {
    await reader.cancel();
  }
}

/** Name and size of an entry. */
export function parseHeader(header: Uint8Array): { name: string; sizeBytes: number } {
  const text = (from: number, length: number) => {
    const field = header.subarray(from, from + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const name = text(0, 100);
  const sizeBytes = Number.parseInt(text(124, 12).trim() || "0", 8);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new SlipwayError(`Cannot unpack an archive: the size of ${name} is no octal number`);
  }
  return { name: prefix === "" ? name : `${prefix}/${name}`, sizeBytes };
}

async function openTarget(path: string) {
  const file = await Deno.open(path, { write: true, createNew: true, mode: 0o700 });
  const writer = file.writable.getWriter();
  return {
    writer,
    async [Symbol.asyncDispose]() {
      await writer.close().catch(() => {});
    },
  };
}

/** Reads a stream in pieces of any wanted length. */
function blocks(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  let rest = new Uint8Array(0);
  const fill = async (): Promise<boolean> => {
    if (rest.length > 0) return true;
    const { value, done } = await reader.read();
    if (done) return false;
    rest = new Uint8Array(value);
    return true;
  };
  const endedEarly = () => new SlipwayError("Cannot unpack an archive: it ends early");
  const each = async (count: number, take: (bytes: Uint8Array) => Promise<void> | void) => {
    while (count > 0) {
      if (!await fill()) throw endedEarly();
      const piece = rest.subarray(0, count);
      rest = rest.subarray(piece.length);
      count -= piece.length;
      await take(piece);
    }
  };
  return {
    async read(count: number): Promise<Uint8Array | undefined> {
      if (!await fill()) return undefined;
      const whole = new Uint8Array(count);
      let at = 0;
      await each(count, (piece) => {
        whole.set(piece, at);
        at += piece.length;
      });
      return whole;
    },
    skip: (count: number) => each(count, () => {}),
    copy: (count: number, writer: WritableStreamDefaultWriter<Uint8Array>) =>
      each(count, (piece) => writer.write(piece)),
    cancel: () => reader.cancel().catch(() => {}),
  };
}
