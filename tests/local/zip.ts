/** A file of an archive. */
export interface ZipFile {
  /** Its path in there. */
  name: string;
  /** What it holds. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether it is kept as it is, not deflated. */
  stored?: boolean;
}

/** A zip archive of some files, with a comment at its end. Source: PKWARE APPNOTE.TXT 6.3; checksums are left out. */
export async function zipOf(files: readonly ZipFile[], comment = ""): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes, stored = false } of files) {
    const packed = stored ? bytes : await deflate(bytes);
    const path = new TextEncoder().encode(name);
    const method = stored ? 0 : 8;
    const extra = new Uint8Array(7);
    const local = record(30, [[0, 0x04034b50], [18, packed.length], [22, bytes.length]], [
      [8, method],
      [26, path.length],
      [28, extra.length],
    ]);
    parts.push(local, path, extra, packed);
    directory.push(
      record(46, [[0, 0x02014b50], [20, packed.length], [24, bytes.length], [42, at]], [
        [10, method],
        [28, path.length],
      ]),
      path,
    );
    at += local.length + path.length + extra.length + packed.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const words = new TextEncoder().encode(comment);
  const end = record(22, [[0, 0x06054b50], [12, directoryBytes], [16, at]], [
    [8, files.length],
    [10, files.length],
    [20, words.length],
  ]);
  return new Uint8Array(await new Blob([...parts, ...directory, end, words] as BlobPart[]).bytes());
}

function record(
  length: number,
  longs: readonly [number, number][],
  shorts: readonly [number, number][],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (const [offset, value] of longs) view.setUint32(offset, value, true);
  for (const [offset, value] of shorts) view.setUint16(offset, value, true);
  return new Uint8Array(view.buffer);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return await new Response(packed).bytes();
}
