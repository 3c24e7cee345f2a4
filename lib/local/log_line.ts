/** Wait until a log has a line of its own with exactly this text, after its first `offset` bytes. */
export async function waitForLine(
  path: string,
  line: string,
  options: { offset: number; signal: AbortSignal },
): Promise<void> {
  const isThere = async () =>
    new TextDecoder().decode((await Deno.readFile(path)).subarray(options.offset))
      .split("\n").includes(line);
  const watcher = Deno.watchFs(path);
  const stop = () => watcher.close();
  options.signal.addEventListener("abort", stop, { once: true });
  try {
    options.signal.throwIfAborted();
    if (await isThere()) return;
    for await (const _ of watcher) if (await isThere()) return;
    options.signal.throwIfAborted();
  } finally {
    options.signal.removeEventListener("abort", stop);
    if (!options.signal.aborted) watcher.close();
  }
}
