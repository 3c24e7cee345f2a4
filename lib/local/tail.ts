/** The last lines of a stream of text. */
export interface Tail {
  /** What came last, so far. */
  text(): string;
  /** Resolves when nothing more comes. */
  ended: Promise<void>;
}

/** How many bytes are kept. */
const keptBytes = 8 * 1024;
/** How many lines are shown. */
const shownLines = 12;

/** Reads a stream to its end and keeps its last lines, as `shown` lets them be seen. */
export function createTail(
  stream: ReadableStream<Uint8Array>,
  shown: (text: string) => string,
): Tail {
  let kept = new Uint8Array();
  return {
    text: () => {
      const text = shown(new TextDecoder().decode(kept));
      return text.split("\n").filter((line) => line.trim() !== "").slice(-shownLines).join("\n");
    },
    ended: (async () => {
      for await (const chunk of stream) {
        const both = new Uint8Array(kept.length + chunk.length);
        both.set(kept);
        both.set(chunk, kept.length);
        kept = both.slice(-keptBytes);
      }
    })(),
  };
}
