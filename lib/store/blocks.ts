/** Some bytes of a stream. */
export interface Block {
  /** The bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the stream ended with them. */
  last: boolean;
}

/**
 * Cut a stream into blocks, of which the `number`-th, from 1, has `sizeOf(number)` bytes, and only the last can have
 * less. An empty stream has no block. When the reader stops early, or `signal` is aborted, the stream is cancelled.
 */
export async function* blocksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizeOf: (number: number) => number,
  signal: AbortSignal,
): AsyncGenerator<Block, undefined> {
  const reader = stream.getReader();
  const onAbort = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", onAbort, { once: true });
  let number = 1;
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      // A cancelled stream reads as one that ended; it must not pass for whole.
      signal.throwIfAborted();
      if (done) break;
      for (let at = 0; at < value.length;) {
        // A full block waits for one more byte, so that the last one is known to be the last.
        if (held === sizeOf(number)) {
          yield { bytes: joined(pieces, held), last: false };
          [number, pieces, held] = [number + 1, [], 0];
        }
        const piece = value.subarray(at, at + sizeOf(number) - held);
        pieces.push(piece);
        held += piece.length;
        at += piece.length;
      }
    }
    if (held > 0) yield { bytes: joined(pieces, held), last: true };
  } finally {
    signal.removeEventListener("abort", onAbort);
    await reader.cancel().catch(() => {});
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
