/** Some bytes of a stream. */
export interface Block {
  /** The bytes; they are written over when {@linkcode Block.release} was called. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the stream ended with them. */
  last: boolean;
  /** Give the memory back for another block. */
  release: () => void;
}

/** What a first block begins with, in bytes: most objects are small. */
const smallest = 64 * 1024;

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
  // Memory that was given back comes again: what is only dropped stays for long, since nothing presses to collect it.
  const free: Uint8Array<ArrayBuffer>[] = [];
  const fresh = (size: number) => {
    const found = free.findIndex(({ length }) => length === size);
    return found < 0 ? new Uint8Array(size) : free.splice(found, 1)[0]!;
  };
  const blockOf = (memory: Uint8Array<ArrayBuffer>, length: number, last: boolean): Block => ({
    bytes: memory.subarray(0, length),
    last,
    release: () => void free.push(memory),
  });
  let number = 1;
  let memory = new Uint8Array(Math.min(smallest, sizeOf(number)));
  let held = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      // A cancelled stream reads as one that ended; it must not pass for whole.
      signal.throwIfAborted();
      if (done) break;
      for (let at = 0; at < value.length;) {
        const size = sizeOf(number);
        // A full block waits for one more byte, so that the last one is known to be the last.
        if (held === size) {
          yield blockOf(memory, held, false);
          number++;
          [memory, held] = [fresh(sizeOf(number)), 0];
          continue;
        }
        const piece = value.subarray(at, at + size - held);
        if (held + piece.length > memory.length) {
          const larger = new Uint8Array(Math.min(size, 2 * (held + piece.length)));
          larger.set(memory.subarray(0, held));
          memory = larger;
        }
        memory.set(piece, held);
        held += piece.length;
        at += piece.length;
      }
    }
    if (held > 0) yield blockOf(memory, held, true);
  } finally {
    signal.removeEventListener("abort", onAbort);
    await reader.cancel().catch(() => {});
  }
}
