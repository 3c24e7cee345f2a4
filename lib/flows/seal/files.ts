import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";

/** A path as it is, from one that somebody typed. */
export function absolutePath(path: string, { cwd }: Pick<Context, "cwd">): string {
  return path.startsWith("/") ? path : `${cwd}/${path}`;
}

/**
 * The bytes of a file that somebody named.
 *
 * @throws {UsageError} when it is not there, or is a folder
 */
export async function readNamedBytes(
  path: string,
  context: Pick<Context, "cwd">,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(absolutePath(path, context));
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The text of a file that somebody named. @throws {UsageError} when it is not there, or is a folder */
export async function readNamedText(
  path: string,
  context: Pick<Context, "cwd">,
): Promise<string> {
  return new TextDecoder().decode(await readNamedBytes(path, context));
}

/**
 * Write a file by a rename, so that a reader never sees half of it, and a run that fails leaves the old one.
 * A file that is there keeps its mode, and a link its place.
 *
 * @param mode of a file that is not there yet
 */
export async function writeNamedFile(
  path: string,
  text: string,
  { cwd, mode = 0o644 }: Pick<Context, "cwd"> & { mode?: number },
): Promise<void> {
  const given = absolutePath(path, { cwd });
  const { target, mode: kept } = await whatIsThere(given).catch((error) => {
    throw notCapable("write", path, error);
  });
  const partial = `${target}.slipway-${crypto.randomUUID()}`;
  try {
    await Deno.writeTextFile(partial, text, { mode: kept ?? mode, createNew: true });
    if (kept !== undefined) await Deno.chmod(partial, kept);
    await Deno.rename(partial, target);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(`Cannot write ${path}: its folder does not exist`, {
        remedy: "make the folder first",
      });
    }
    throw new SlipwayError(`Cannot write ${path}: ${(error as Error).message}`, {
      remedy:
        "the file is as it was; see who may write into its folder, and whether its disk is full",
    });
  }
}

async function whatIsThere(path: string): Promise<{ target: string; mode?: number }> {
  try {
    const target = await Deno.realPath(path);
    const { mode } = await Deno.stat(target);
    return mode === null ? { target } : { target, mode: mode & 0o777 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { target: path };
    throw error;
  }
}

function cannotRead(path: string, error: unknown): unknown {
  if (error instanceof Deno.errors.NotFound) {
    return new UsageError(`Cannot read ${path}: there is no such file`, {
      remedy: "see whether the path is right, from the folder that the task was started in",
    });
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new UsageError(`Cannot read ${path}: it is a folder, wanted a file`, {
      remedy: "name a file in it",
    });
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new UsageError(`Cannot read ${path}: this user may not`, {
      remedy: "have its owner allow it, or run the task as that user",
    });
  }
  return notCapable("read", path, error);
}

/** Deno keeps devices and the system's own files from programs that do not have all permissions. */
function notCapable(what: "read" | "write", path: string, error: unknown): unknown {
  if (!(error instanceof Deno.errors.NotCapable)) return error;
  return new UsageError(`Cannot ${what} ${path}: it is a file of the system, and out of reach`, {
    remedy: what === "read"
      ? "name a file of your own; standard input is read where no file is named, or as -"
      : "name a file of your own; standard output is written where no file is named",
  });
}
