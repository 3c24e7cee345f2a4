import { SlipwayError, TimedOut } from "../core/errors.ts";
import { sleepFor } from "../core/retry.ts";
import { diskFull, makePrivateFolder } from "./files.ts";
import { isAlive, processFacts, type ProcessIdentity } from "./process_table.ts";

/** A lock that is held. */
export interface HeldLock {
  /** Give it back. */
  release(): void;
}

/** How to take a lock. */
export interface LockOptions {
  /** What is locked, for messages: `cluster demo`. */
  subject: string;
  /** How long to wait for a holder that is alive, in milliseconds. */
  timeoutMs: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Called once when the lock has to be waited for, with words about the holder. */
  onWait?: (holder: string) => void;
}

/**
 * Take the lock that a file stands for. The kernel holds it (flock) for as long as this process
 * lives, so a crash cannot leave it behind; the file's text only says who the holder is.
 *
 * @throws {TimedOut} when its holder, who is named, does not give it back in time
 */
export async function takeLock(path: string, options: LockOptions): Promise<HeldLock> {
  await makePrivateFolder(path.slice(0, path.lastIndexOf("/")));
  const deadline = performance.now() + options.timeoutMs;
  let told = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const file = await open(path);
    if (await file.tryLock(true) && await isStillAt(file, path)) {
      await sign(file, path);
      return { release: () => file.close() };
    }
    file.close();
    if (performance.now() > deadline) {
      throw new TimedOut(
        `Cannot take the lock of ${options.subject}: ${await holderOf(path)} has held it for ${
          Math.round(options.timeoutMs / 1000)
        } s`,
        { remedy: "wait for it to end, or end it; then try again", retryable: true },
      );
    }
    if (!told) {
      told = true;
      options.onWait?.(await holderOf(path));
    }
    // The kernel tells nobody that a lock became free without blocking a thread that cannot be interrupted.
    await sleepFor(50, options.signal);
  }
}

/** Words about who holds a lock, as far as its file tells the truth. */
export async function holderOf(path: string): Promise<string> {
  try {
    const identity = JSON.parse(await Deno.readTextFile(path)) as ProcessIdentity;
    if (await isAlive(identity)) return `process ${identity.pid}`;
  } catch {
    // The holder may be writing it just now.
  }
  return "another process";
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
  } catch (error) {
    throw diskFull(error, path) ?? error;
  }
}

/** Who removes a locked file, as `reset` does, leaves others with a lock on a file that is no longer there. */
async function isStillAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const [held, there] = await Promise.all([file.stat(), Deno.stat(path).catch(() => undefined)]);
  return there !== undefined && held.ino === there.ino && held.dev === there.dev;
}

async function sign(file: Deno.FsFile, path: string): Promise<void> {
  const facts = await processFacts(Deno.pid);
  if (facts === undefined) throw new SlipwayError("Cannot find this process in the process table");
  const { pid, startTicks, bootId } = facts;
  try {
    await file.truncate();
    await file.write(new TextEncoder().encode(JSON.stringify({ pid, startTicks, bootId }) + "\n"));
  } catch (error) {
    file.close();
    throw diskFull(error, path) ?? error;
  }
}
