import { join, relative, resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { mayHoldSecrets } from "../../seal/tree.ts";

/** A file of a tree that may hold Secrets. */
export interface TreeFile {
  /** Its path as it is shown: from the working directory where it is below that. */
  name: string;
  /** Its absolute path. */
  path: string;
  /** Its text. */
  text: string;
}

/** What a walk through a tree found. */
export interface Tree {
  /** Files that may hold Secrets, in the order of their paths. */
  files: TreeFile[];
  /** How many files were looked at. */
  looked: number;
}

/** Larger files are no manifests, and would fill the memory. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Read all YAML and JSON files below folders, and files that are named themselves. Hidden folders, node_modules and
 * symbolic links are left out.
 *
 * @throws {UsageError} when there is no file or folder of a name
 */
export async function readTree(
  paths: readonly string[],
  { cwd, signal }: Pick<Context, "cwd" | "signal">,
): Promise<Tree> {
  const found = new Map<string, TreeFile>();
  let looked = 0;
  for (const typed of paths) {
    for await (const path of filesBelow(resolve(cwd, typed), typed)) {
      signal.throwIfAborted();
      if (found.has(path)) continue;
      looked++;
      const text = await Deno.readTextFile(path);
      if (!mayHoldSecrets(text)) continue;
      const name = relative(cwd, path);
      found.set(path, { name: name.startsWith("..") ? path : name, path, text });
    }
  }
  return { files: [...found.values()].sort((a, b) => a.path < b.path ? -1 : 1), looked };
}

async function* filesBelow(path: string, typed: string): AsyncGenerator<string> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory)) {
      throw cause;
    }
    throw new UsageError(`Cannot read ${typed}: there is no such file or folder`, { cause });
  }
  if (info.isFile) yield path;
  else yield* walk(path);
}

async function* walk(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* walk(path);
    if (!entry.isFile || !/\.(ya?ml|json)$/i.test(entry.name)) continue;
    if ((await Deno.lstat(path)).size <= mostBytes) yield path;
  }
}
