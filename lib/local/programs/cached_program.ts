import { diskFull, exists, makePrivateFolder, removeAll } from "../files.ts";
import { takeLock } from "../lock.ts";
import type { Program } from "./program.ts";

/** Where a program is kept once it is had. */
export function cachedPath(cacheDir: string, program: Program): string {
  return `${folderOf(cacheDir, program)}/${program.name}`;
}

/** How to keep a program. */
export interface KeepOptions {
  /** Folder of the cache. */
  cacheDir: string;
  /** Ends the waiting for another run that makes the same program. */
  signal: AbortSignal;
  /** Told when another run makes it just now. */
  onWait: (holder: string) => void;
}

/** Building the largest program takes minutes, and another run may be at it: so long is waited. */
const lockTimeoutMs = 30 * 60_000;

/**
 * Make a program and keep it, unless another run has done so meanwhile. `make` works in a folder of
 * its own, which goes away with all that is in it, after a crash at the next try.
 *
 * @returns path of the program
 */
export async function keepProgram(
  program: Program,
  options: KeepOptions,
  make: (folder: string) => Promise<string>,
): Promise<string> {
  const target = cachedPath(options.cacheDir, program);
  const folder = folderOf(options.cacheDir, program);
  const lock = await takeLock(`${folder}/lock`, {
    subject: `${program.name} in the cache`,
    timeoutMs: lockTimeoutMs,
    signal: options.signal,
    onWait: options.onWait,
  });
  try {
    if (await exists(target)) return target;
    await sweep(folder);
    const workplace = `${folder}/making-${crypto.randomUUID()}`;
    await makePrivateFolder(workplace);
    try {
      const made = await make(workplace);
      await Deno.chmod(made, 0o755);
      await Deno.rename(made, target);
      return target;
    } finally {
      await removeAll(workplace);
    }
  } catch (error) {
    throw diskFull(error, folder) ?? error;
  } finally {
    lock.release();
  }
}

/** Who holds the lock is alone here, so any workplace was left behind by a run that was killed. */
async function sweep(folder: string): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith("making-")) await removeAll(`${folder}/${entry.name}`);
  }
}

function folderOf(cacheDir: string, program: Program): string {
  return `${cacheDir}/bin/${program.name}/${program.version}`;
}
