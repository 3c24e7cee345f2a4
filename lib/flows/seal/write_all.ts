import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import type { TreeFile } from "./tree.ts";

/** A file, and the text that it is to have. */
export interface FileChange extends TreeFile {
  /** The new text. */
  after: string;
}

/** Where the new text of a file waits. One that a killed run left is written anew by the next. */
const waiting = ".slipway-partial";

/**
 * Change several files, all of them or none. New texts are written beside the files and flushed to the disk before the
 * first of them takes its place. When that fails midway, those that had theirs get their old text back; a run that is
 * killed midway leaves each file whole, old or new.
 *
 * @throws {SlipwayError} when a file was changed by somebody else since it was read, or cannot be written
 */
export async function writeAll(
  changes: readonly FileChange[],
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  // Renaming onto a link would put a file in its place.
  const targets = await Promise.all(
    changes.map(async (change) => ({ ...change, path: await Deno.realPath(change.path) })),
  );
  const done: FileChange[] = [];
  try {
    for (const { path, after } of targets) {
      signal.throwIfAborted();
      await prepare(path, after);
    }
    for (const { path, name, text } of targets) {
      if (await Deno.readTextFile(path) === text) continue;
      throw new SlipwayError(`Cannot change ${name}: somebody changed it in the meantime`, {
        remedy: "run this again; no file was changed",
        retryable: true,
      });
    }
    for (const target of targets) {
      await Deno.rename(target.path + waiting, target.path);
      done.push(target);
    }
  } catch (error) {
    for (const { path, text } of done) {
      await prepare(path, text);
      await Deno.rename(path + waiting, path);
    }
    await Promise.all(targets.map(({ path }) => Deno.remove(path + waiting).catch(() => {})));
    if (error instanceof SlipwayError || signal.aborted) throw error;
    throw new SlipwayError(`Cannot write ${targets.length} files: ${messageOf(error)}`, {
      remedy: "no file was changed; see who may write there, and whether the disk is full",
      cause: error,
    });
  }
}

async function prepare(path: string, text: string): Promise<void> {
  const { mode } = await Deno.stat(path);
  using file = await Deno.open(path + waiting, { write: true, create: true, truncate: true });
  if (mode !== null) await Deno.chmod(path + waiting, mode & 0o777);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}
