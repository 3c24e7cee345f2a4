import { SlipwayError } from "../core/errors.ts";

/** Text of a file, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether something exists at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

/**
 * Write a file that only its owner may read (mode 0600), wholly or not at all: a reader, or a run
 * that follows a crash, sees the old content or the new one.
 */
export async function writePrivate(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await Deno.remove(temporary).catch(ignoreNotFound);
    await Deno.writeTextFile(temporary, text, { mode: 0o600, createNew: true });
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeAll(temporary);
    throw diskFull(error, path) ?? error;
  }
}

/** Like {@linkcode writePrivate}, but leaves a file alone that has this content; true when it wrote. */
export async function writePrivateIfChanged(path: string, text: string): Promise<boolean> {
  if (await readIfThere(path) === text) return false;
  await writePrivate(path, text);
  return true;
}

/** Make a folder, and those above it, that only its owner may enter (mode 0700). */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw diskFull(error, path) ?? error;
  }
}

/** Remove a file or a folder with all that is in it; nothing happens when it is not there. */
export async function removeAll(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(ignoreNotFound);
}

/** No space is left where something was to be written. */
export class DiskFull extends SlipwayError {
  /** Make the error from the file or folder that could not be written. */
  constructor(path: string, cause: unknown) {
    super(`Cannot write ${path}: the disk that holds it is full`, {
      cause,
      remedy:
        "free some space there, or set XDG_CACHE_HOME (programs) or XDG_STATE_HOME (clusters) to a folder on another disk",
    });
  }
}

/** A {@linkcode DiskFull} when this is why writing below `path` failed, otherwise undefined. */
export function diskFull(error: unknown, path: string): DiskFull | undefined {
  if (error instanceof DiskFull) return error;
  const text = error instanceof Error
    ? `${error.message} ${(error as { code?: string }).code}`
    : "";
  return /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(text)
    ? new DiskFull(path, error)
    : undefined;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
