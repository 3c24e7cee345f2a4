import { fileURLToPath } from "node:url";

/** Where the project's pinned modules are. */
export const modulesDir = fileURLToPath(new URL("../../lib/local/modules", import.meta.url));

/** Run a test in a folder of its own, which goes away afterwards. */
export async function inScratch(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-test-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether this machine lets tests mount file systems, which takes root. */
export const mayMount = Deno.uid() === 0 && await succeeds("unshare", ["--mount", "true"]);

/** Run a test in a folder on a disk of this size, so that it can become full. */
export async function onSmallDisk(
  sizeBytes: number,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const mounted = await succeeds("mount", [
      "-t",
      "tmpfs",
      "-o",
      `size=${sizeBytes}`,
      "tmpfs",
      folder,
    ]);
    if (!mounted) throw new Error(`cannot mount a file system on ${folder}`);
    const inner = `${folder}/inner`;
    try {
      await Deno.mkdir(inner);
      await test(inner);
    } finally {
      await succeeds("umount", [folder]);
    }
  });
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, { args, stderr: "null" }).output();
    return success;
  } catch {
    return false;
  }
}

/** A program that prints `text` and ends with `code`. */
export async function writeScript(path: string, text: string, code = 0): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\necho '${text}'\nexit ${code}\n`, { mode: 0o755 });
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Paths of all files below a folder, relative to it, in order. */
export async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(`${folder}/${prefix}`)) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory) found.push(...await filesBelow(folder, `${path}/`));
    else found.push(path);
  }
  return found.sort();
}
