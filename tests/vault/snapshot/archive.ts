import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** A tar archive as Go's archive/tar writes it. */
export function tarOf(files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  const blocks = files.flatMap(({ name, bytes }) => {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(encode(text), at);
    put(0, name);
    put(100, "0000600\0");
    put(124, `${bytes.length.toString(8).padStart(11, "0")}\0`);
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u000000");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    return [header, bytes, new Uint8Array((512 - bytes.length % 512) % 512)];
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

/** The files of a snapshot, with the right sums. */
export function snapshotFiles(state: Uint8Array<ArrayBuffer>): ArchiveFile[] {
  const meta = encode(
    `${
      JSON.stringify({ Version: 1, ID: "bolt-snapshot", Index: 42, Term: 3, Size: state.length })
    }\n`,
  );
  const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  return [
    { name: "meta.json", bytes: meta },
    { name: "state.bin", bytes: state },
    {
      name: "SHA256SUMS",
      bytes: encode(`${sum(meta)}  meta.json\n${sum(state)}  state.bin\n`),
    },
    { name: "SHA256SUMS.sealed", bytes: encode("sealed") },
  ];
}

/** Compress by gzip. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}
