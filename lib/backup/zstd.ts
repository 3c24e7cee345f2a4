import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import type { ByteStream } from "../core/program.ts";

/** Each frame ends with a checksum, without which a flipped bit could pass. Source: RFC 8878, section 3.1.1. */
const params = {
  [constants.ZSTD_c_compressionLevel]: 3,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** The stream, compressed by zstd while it is read, and no faster than it is read. */
export function compressed(stream: ByteStream): ByteStream {
  return through(stream, createZstdCompress({ params }));
}

/**
 * The stream, decompressed by zstd. One that was cut off can end without an error: who reads it compares its size and
 * its checksum with what is known of it.
 */
export function decompressed(stream: ByteStream): ByteStream {
  return through(stream, createZstdDecompress());
}

/** `Transform.toWeb` would read ahead without a limit, and `.pipe` would lose errors. */
function through(stream: ByteStream, transform: Transform): ByteStream {
  const source = Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
  pipeline(source, transform, () => {});
  return Readable.toWeb(transform) as ByteStream;
}
