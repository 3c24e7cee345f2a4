/** A `.tar.gz` archive of these files, as upstream's releases have it: entries in order, two empty blocks at the end. */
export async function tarGz(
  files: readonly { name: string; bytes: Uint8Array }[],
): Promise<Uint8Array<ArrayBuffer>> {
  const blocks = files.flatMap(({ name, bytes }) => [header(name, bytes.length), padded(bytes)]);
  const archive = new Blob([...blocks, new Uint8Array(1024)]);
  const zipped = archive.stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

function header(name: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(512);
  const write = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
  const slash = name.length > 100 ? name.lastIndexOf("/") : -1;
  write(name.slice(slash + 1), 0);
  if (slash > 0) write(name.slice(0, slash), 345);
  write(size.toString(8).padStart(11, "0"), 124);
  write("ustar", 257);
  return block;
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
  whole.set(bytes);
  return whole;
}
