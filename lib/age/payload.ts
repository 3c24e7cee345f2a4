import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { joinBytes } from "../core/bytes.ts";
import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";

/** Length of a payload's nonce in bytes. */
export const payloadNonceBytes = 16;

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const algorithm = "chacha20-poly1305";

/**
 * Encrypt what follows the header of an age file, without the nonce before it. Ten times as fast as a cipher in
 * JavaScript. Source: C2SP.org/age, "Payload".
 */
export function encryptedPayload(
  plain: ByteStream,
  fileKey: Uint8Array,
  payloadNonce: Uint8Array,
): ByteStream {
  const key = payloadKey(fileKey, payloadNonce);
  const counter = createCounter();
  return inChunks(plain, chunkBytes, (bytes, last) => {
    const cipher = createCipheriv(algorithm, key, counter.next(last), { authTagLength: tagBytes });
    return [cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
  });
}

/** Decrypt what {@linkcode encryptedPayload} gives; the stream fails where it was changed or cut off. */
export function decryptedPayload(
  encrypted: ByteStream,
  fileKey: Uint8Array,
  payloadNonce: Uint8Array,
): ByteStream {
  const key = payloadKey(fileKey, payloadNonce);
  const counter = createCounter();
  let number = 0;
  return inChunks(encrypted, chunkBytes + tagBytes, (bytes, last) => {
    number++;
    const size = bytes.length - tagBytes;
    // Only of nothing at all the last chunk is empty.
    if (size < 0 || (size === 0 && number > 1)) {
      throw new Error(`it ends within its chunk ${number}`);
    }
    const cipher = createDecipheriv(algorithm, key, counter.next(last), {
      authTagLength: tagBytes,
    });
    cipher.setAuthTag(bytes.subarray(size));
    try {
      return [cipher.update(bytes.subarray(0, size)), cipher.final()];
    } catch (cause) {
      throw new Error(`its chunk ${number} is not authentic`, { cause });
    }
  });
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** Nonces: the number of the chunk, from 0, and whether it is the last. */
function createCounter(): { next(last: boolean): Uint8Array } {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  let number = 0n;
  return {
    next(last) {
      view.setBigUint64(3, number++);
      nonce[11] = last ? 1 : 0;
      return nonce;
    },
  };
}

/** Cut a stream into chunks of one size, of which only the last can be smaller, and replace each. */
function inChunks(
  stream: ByteStream,
  size: number,
  replace: (bytes: Uint8Array, last: boolean) => Uint8Array[],
): ByteStream {
  const held = new Uint8Array(size);
  let used = 0;
  return reshaped(stream, {
    chunk(bytes) {
      const made: Uint8Array[] = [];
      for (let at = 0; at < bytes.length;) {
        // A full chunk waits for one more byte, so that the last one is known to be the last.
        if (used === size) {
          made.push(...replace(held, false));
          used = 0;
        }
        const piece = bytes.subarray(at, at + size - used);
        held.set(piece, used);
        used += piece.length;
        at += piece.length;
      }
      return joinBytes(made);
    },
    end: () => joinBytes(replace(held.subarray(0, used), true)),
  });
}
