import { SlipwayError } from "../../core/errors.ts";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;

/**
 * Write one file out of a `.zip` archive to `target`, mode 0700. Archives beyond 4 GiB and encrypted ones are not read.
 * Source: PKWARE APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 *
 * @throws {SlipwayError} when the archive has no such file, or is damaged
 */
export async function extractZipMember(
  archive: string,
  member: string,
  target: string,
): Promise<void> {
  using file = await Deno.open(archive);
  const entry = await findEntry(file, archive, member);
  const header = await readAt(file, entry.headerAt, 30, archive);
  const dataAt = entry.headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  await file.seek(dataAt, Deno.SeekMode.Start);
  const packed = piecesOf(file, entry.packedBytes);
  const content = entry.method === 0
    ? packed
    : packed.pipeThrough(new DecompressionStream("deflate-raw"));
  const output = await Deno.open(target, { write: true, createNew: true, mode: 0o700 });
  await content.pipeTo(output.writable);
  const { size } = await Deno.stat(target);
  if (size !== entry.sizeBytes) {
    throw damaged(archive, `${member} has ${size} bytes, ${entry.sizeBytes} are declared`);
  }
}

/** Where a member is in an archive, and how it is packed. */
interface Entry {
  method: number;
  packedBytes: number;
  sizeBytes: number;
  headerAt: number;
}

async function findEntry(file: Deno.FsFile, archive: string, member: string): Promise<Entry> {
  const { size } = await file.stat();
  // The end record is followed by a comment of at most 64 KiB.
  const tailBytes = Math.min(size, endBytes + 0xffff);
  const tail = await readAt(file, size - tailBytes, tailBytes, archive);
  let at = tailBytes - endBytes;
  while (at >= 0 && tail.getUint32(at, true) !== endSignature) at--;
  if (at < 0) throw damaged(archive, "it has no central directory");
  const directory = await readAt(
    file,
    tail.getUint32(at + 16, true),
    tail.getUint32(at + 12, true),
    archive,
  );
  const count = tail.getUint16(at + 10, true);
  for (let index = 0, from = 0; index < count; index++) {
    if (from + 46 > directory.byteLength || directory.getUint32(from, true) !== entrySignature) {
      throw damaged(archive, "its central directory ends early");
    }
    const nameBytes = directory.getUint16(from + 28, true);
    const name = new TextDecoder().decode(
      new Uint8Array(directory.buffer, directory.byteOffset + from + 46, nameBytes),
    );
    if (name === member) return entryAt(directory, from, archive, member);
    from += 46 + nameBytes + directory.getUint16(from + 30, true) +
      directory.getUint16(from + 32, true);
  }
  throw new SlipwayError(`Cannot unpack ${archive}: there is no ${member} in it`);
}

function entryAt(directory: DataView, from: number, archive: string, member: string): Entry {
  const method = directory.getUint16(from + 10, true);
  if (method !== 0 && method !== 8) {
    throw new SlipwayError(
      `Cannot unpack ${archive}: ${member} is packed by method ${method}, wanted 0 (stored) or 8 (deflate)`,
    );
  }
  return {
    method,
    packedBytes: directory.getUint32(from + 20, true),
    sizeBytes: directory.getUint32(from + 24, true),
    headerAt: directory.getUint32(from + 42, true),
  };
}

async function readAt(
  file: Deno.FsFile,
  offset: number,
  count: number,
  archive: string,
): Promise<DataView<ArrayBuffer>> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) throw damaged(archive, "it ends early");
    at += read;
  }
  return new DataView(bytes.buffer);
}

/** The next bytes of a file, as a stream that leaves the file open. */
function piecesOf(file: Deno.FsFile, count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = count;
  return new ReadableStream({
    async pull(controller) {
      const piece = new Uint8Array(Math.min(left, 256 * 1024));
      const read = left === 0 ? null : await file.read(piece);
      if (read === null) return controller.close();
      left -= read;
      controller.enqueue(piece.subarray(0, read));
    },
  });
}

function damaged(archive: string, because: string): SlipwayError {
  return new SlipwayError(`Cannot unpack ${archive}: ${because}`);
}
