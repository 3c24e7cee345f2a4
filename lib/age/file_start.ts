import { joinBytes } from "../core/bytes.ts";
import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";
import { payloadNonceBytes } from "./payload.ts";

/** Length of a payload of nothing in bytes: its nonce and the tag of its only chunk. */
export const emptyPayloadBytes: number = payloadNonceBytes + 16;

/** A header longer than this is none. */
const longestHeaderBytes = 1024 * 1024;

/** What stands before the chunks of an age file, and what else was read on the way. */
export interface FileStart {
  /** The header, with the line of its MAC. */
  header: Uint8Array<ArrayBuffer>;
  /** The payload's nonce. */
  nonce: Uint8Array<ArrayBuffer>;
  /** The first bytes of the chunks. */
  rest: Uint8Array<ArrayBuffer>;
}

/**
 * Read the start of an age file. Source: C2SP.org/age, "Header": its last line begins with three dashes.
 *
 * @throws when it ends before the first chunk
 */
export async function readStart(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): Promise<FileStart> {
  let bytes = new Uint8Array();
  for (;;) {
    const end = headerEnd(bytes);
    const chunksAt = end === undefined ? Infinity : end + payloadNonceBytes;
    if (end !== undefined && bytes.length >= chunksAt) {
      const header = bytes.slice(0, end);
      return { header, nonce: bytes.slice(end, chunksAt), rest: bytes.slice(chunksAt) };
    }
    const { done, value } = await reader.read();
    if (done || bytes.length > longestHeaderBytes) {
      throw new Error(
        end === undefined ? "it has no header of age" : "it ends right after its header",
      );
    }
    bytes = joinBytes([bytes, value]);
  }
}

/** The stream after some bytes. */
export function startingWith(start: Uint8Array<ArrayBuffer>, stream: ByteStream): ByteStream {
  let first: Uint8Array<ArrayBuffer> | undefined = start;
  const before = (bytes: Uint8Array<ArrayBuffer>) => {
    const all = first === undefined ? bytes : joinBytes([first, bytes]);
    first = undefined;
    return all;
  };
  return reshaped(stream, { chunk: before, end: () => first });
}

function headerEnd(bytes: Uint8Array): number | undefined {
  // Each byte stands for one letter, so that places agree.
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, longestHeaderBytes));
  const line = text.indexOf("\n--- ");
  const end = line < 0 ? -1 : text.indexOf("\n", line + 1);
  return end < 0 ? undefined : end + 1;
}
