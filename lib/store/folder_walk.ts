import { join } from "node:path";

/** Paths of files that a write has not finished, or never will. */
export const unfinished = /\/\.partial-[^/]*$/;

/** A file below a folder. */
export interface WalkedFile {
  /** Its path. */
  path: string;
  /** What the file system knows of it. */
  info: Deno.FileInfo;
}

/** All files below a folder; symbolic links are not followed. A folder that is not there has none. */
export async function* walk(folder: string, signal?: AbortSignal): AsyncGenerator<WalkedFile> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const entry of entries) {
    signal?.throwIfAborted();
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* walk(path, signal);
    if (!entry.isFile) continue;
    try {
      yield { path, info: await Deno.lstat(path) };
    } catch (error) {
      // Another run renamed or removed it in between.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
