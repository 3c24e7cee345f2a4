import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "../core/errors.ts";
import { AlreadyStored, StoreError } from "./errors.ts";
import { unfinished, walk } from "./folder_walk.ts";
import { checkName } from "./name.ts";
import type { PutOptions, Store } from "./store.ts";

/**
 * A folder as a store. Files are for its owner alone. A write goes to a file of another name first, which is flushed
 * to the disk and then takes the object's name, so that a power cut leaves the old object, the new one, or none.
 *
 * @throws {StoreError} from each function when the file system refuses, or a name leads out of the folder
 */
export function createFolderStore(folder: string): Store {
  const root = resolve(folder);
  const url = pathToFileURL(root).href;
  const opened = (name: string) => openFile(root, name);
  return {
    url,
    async put(name, body, options) {
      const stream = body instanceof Uint8Array ? new Blob([body]).stream() : body;
      try {
        const path = await pathOf(root, name, { make: true });
        await refusals(`write ${name} to ${url}`, () => put({ name, path, url, stream, options }));
      } catch (error) {
        // What makes the bytes must not wait for a reader for ever.
        if (!stream.locked) await stream.cancel(error).catch(() => {});
        throw error;
      }
    },
    async get(name, { signal } = {}) {
      const file = await opened(name);
      if (file === undefined) return undefined;
      const stream = file.readable;
      const bytes = await new Response(stream).bytes();
      signal?.throwIfAborted();
      return bytes;
    },
    async open(name) {
      return (await opened(name))?.readable;
    },
    async list(prefix, { signal } = {}) {
      const found = await refusals(
        `list ${url}`,
        () => Array.fromAsync(walk(above(root, prefix), signal)),
      );
      return found
        .filter(({ path }) => !unfinished.test(path))
        .map(({ path, info }) => ({
          name: relative(root, path),
          sizeBytes: info.size,
          modifiedAt: (info.mtime ?? new Date(0)).toTemporalInstant(),
        }))
        .filter(({ name }) => name.startsWith(prefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async delete(name) {
      const path = await pathOf(root, name);
      return await refusals(`remove ${name} from ${url}`, async () => {
        if (!await isFile(path)) return false;
        await Deno.remove(path);
        await flushFolder(dirname(path));
        return true;
      });
    },
    async sweep(prefix, before, { signal } = {}) {
      return await refusals(`clear ${url}`, async () => {
        let count = 0;
        for await (const { path, info } of walk(root, signal)) {
          // Which name it was to have is not known, but its folder is.
          const near = relative(root, join(path, "../x")).slice(0, -1);
          if (!unfinished.test(path) || !near.startsWith(prefix.slice(0, near.length))) continue;
          if ((info.mtime?.getTime() ?? 0) >= before.epochMilliseconds) continue;
          await Deno.remove(path);
          count++;
        }
        return count;
      });
    },
  };
}

async function put(
  { name, path, url, stream, options: { ifAbsent = false, signal } = {} }: {
    name: string;
    path: string;
    url: string;
    stream: ReadableStream<Uint8Array<ArrayBuffer>>;
    options?: PutOptions;
  },
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.partial-${crypto.randomUUID()}`);
  try {
    if (ifAbsent && await isFile(path)) throw new AlreadyStored(name, url);
    using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
    await stream.pipeTo(sinkOf(file), { signal });
    await file.sync();
    if (ifAbsent) await linkNew(temporary, path, { name, url });
    else await Deno.rename(temporary, path);
    await flushFolder(folder);
  } finally {
    await Deno.remove(temporary).catch(() => {});
  }
}

/** A sink that leaves the file open, to be flushed after the last byte. */
function sinkOf(file: Deno.FsFile): WritableStream<Uint8Array<ArrayBuffer>> {
  return new WritableStream({
    async write(chunk) {
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    },
  });
}

/** A link, unlike a rename, fails where there is a file already, and that in one step. */
async function linkNew(
  temporary: string,
  path: string,
  { name, url }: { name: string; url: string },
): Promise<void> {
  try {
    await Deno.link(temporary, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw new AlreadyStored(name, url, error);
    throw error;
  }
}

/** Make a folder, for its owner alone, and those above it that are not there. */
async function makeFolder(path: string): Promise<void> {
  if (await orUndefined(() => Deno.stat(path)) !== undefined) return;
  await makeFolder(dirname(path));
  try {
    await Deno.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  await flushFolder(dirname(path));
}

/** The folder that holds all names which begin with `prefix`; the whole store where that would lead out of it. */
function above(root: string, prefix: string): string {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  return folder.split("/").some((part) => part.startsWith(".")) ? root : join(root, folder);
}

/** A new name is on the disk only when its folder is. */
async function flushFolder(folder: string): Promise<void> {
  using file = await Deno.open(folder);
  await file.sync();
}

/** Path of an object, whose folder must not lead out of the store by a symbolic link. */
async function pathOf(root: string, name: string, { make = false } = {}): Promise<string> {
  checkName(name);
  const path = join(root, name);
  return await refusals(`reach ${name} in ${root}`, async () => {
    if (make) await makeFolder(dirname(path));
    const [real, realRoot] = await Promise.all([realPath(dirname(path)), realPath(root)]);
    if (real !== undefined && realRoot !== undefined) {
      const within = relative(realRoot, real);
      if (within !== relative(root, dirname(path))) {
        throw new StoreError(`Cannot use ${path}: a symbolic link leads from there to ${real}`, {
          remedy: "put a folder in the place of the link",
        });
      }
    }
    return path;
  });
}

async function openFile(root: string, name: string): Promise<Deno.FsFile | undefined> {
  const path = await pathOf(root, name);
  return await refusals(
    `read ${path}`,
    async () => await isFile(path) ? await Deno.open(path) : undefined,
  );
}

async function isFile(path: string): Promise<boolean> {
  const info = await orUndefined(() => Deno.lstat(path));
  return info?.isFile ?? false;
}

function realPath(path: string): Promise<string | undefined> {
  return orUndefined(() => Deno.realPath(path));
}

async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** Do something with the file system, and tell its refusals with what was tried. */
async function refusals<T>(tried: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || remedyOf(error) === undefined) throw error;
    throw new StoreError(`Cannot ${tried}: ${messageOf(error)}`, {
      remedy: remedyOf(error),
      cause: error,
    });
  }
}

function remedyOf(error: Error): string | undefined {
  const code = (error as { code?: unknown }).code;
  if (error instanceof Deno.errors.PermissionDenied || code === "EROFS") {
    return "let the user that runs this read and write the folder, or name another one";
  }
  if (code === "ENOSPC" || code === "EDQUOT") return "make room on that disk, or name another one";
  if (error instanceof Deno.errors.NotADirectory || code === "ENOTDIR" || code === "EEXIST") {
    return "name a folder, not a file";
  }
  return typeof code === "string" ? "look after that disk and the folder's path" : undefined;
}
