/** Longest line that is taken, in characters: etcd objects end near 1.5 MiB, and JSON may quote each byte. */
const longestLine = 32 * 1024 * 1024;

/**
 * The lines of a stream, each as soon as its line feed is there. What follows the
 * last line feed is dropped: it is a line that was cut.
 *
 * @param nextChunk reads on; undefined at the end
 */
export async function* linesOf(
  nextChunk: () => Promise<Uint8Array | undefined>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending: string[] = [];
  let pendingLength = 0;
  for (;;) {
    const chunk = await nextChunk();
    if (chunk === undefined) return;
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [index, part] of parts.entries()) {
      pending.push(part);
      pendingLength += part.length;
      if (pendingLength > longestLine) throw new Error("a line of the watch is too long");
      if (index === parts.length - 1) break;
      const line = pending.join("");
      pending = [];
      pendingLength = 0;
      if (line.trim() !== "") yield line;
    }
  }
}
