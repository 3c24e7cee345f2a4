import { dirname, join } from "node:path";
import { UsageError } from "../../core/errors.ts";

/** A file that is being written, in the tree's own folder. */
export const partialFile = ".slipway-partial";

/**
 * The text of a file below a folder; undefined when there is none.
 *
 * @throws {UsageError} when a link, or something that is no file, stands at the path or above it
 */
export async function readPlain(root: string, path: string): Promise<string | undefined> {
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const place = join(root, ...parts.slice(0, depth));
    const info = await lookAt(place);
    if (info === undefined) return undefined;
    if (depth === parts.length ? info.isFile : info.isDirectory) continue;
    const found = info.isSymlink ? "a link" : info.isDirectory ? "a folder" : "no folder";
    throw new UsageError(
      `Refused to write ${join(root, path)}: ${place} is ${found}, and no render made it so`,
      { remedy: "move it out of the way, or name another folder with --out" },
    );
  }
  return await Deno.readTextFile(join(root, path));
}

/** Write a file below a folder by a rename, so that a reader never sees half of it. */
export async function writeWhole(root: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(root, path)), { recursive: true });
  const partial = join(root, partialFile);
  await Deno.writeTextFile(partial, text);
  await Deno.rename(partial, join(root, path));
}

/** Remove a file below a folder, and the folders between them that it leaves empty. */
export async function removeWithFolders(root: string, path: string): Promise<void> {
  await Deno.remove(join(root, path));
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    if ((await namesIn(join(root, folder))).length > 0) return;
    await Deno.remove(join(root, folder));
  }
}

/** Names of what is in a folder, sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function lookAt(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
