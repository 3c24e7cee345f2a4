import { resolve } from "node:path";
import type { Context } from "../core/context.ts";
import { messageOf, UsageError } from "../core/errors.ts";

/** Read a file that somebody named, relative to where they are. @throws {UsageError} when it cannot be read */
export async function readNamedFile(
  path: string,
  what: string,
  { cwd }: Pick<Context, "cwd">,
): Promise<string> {
  try {
    return await Deno.readTextFile(resolve(cwd, path));
  } catch (cause) {
    throw new UsageError(`Cannot read ${what} from ${path}: ${messageOf(cause)}`, {
      remedy:
        "see whether the path is right, and whether this user may read the file; options that take several files take all that follows them, so put other arguments first",
      cause,
    });
  }
}
