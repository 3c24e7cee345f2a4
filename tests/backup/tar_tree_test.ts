import assert from "node:assert/strict";
import { measuredTree, treeDifference, type TreeMeasure } from "../../lib/backup/tar_tree.ts";
import type { ByteStream } from "../../lib/core/program.ts";
import { withFolder } from "../folder.ts";

/** What GNU tar makes of a folder. */
async function archive(folder: string, ...options: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const { stdout, success } = await new Deno.Command("tar", {
    args: ["--create", "--file=-", `--directory=${folder}`, "--format=pax", ...options, "."],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert.ok(success);
  return stdout;
}

function inPieces(bytes: Uint8Array<ArrayBuffer>, size: number): ByteStream {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += size));
    },
  });
}

async function measureOf(bytes: Uint8Array<ArrayBuffer>, size = 10_000): Promise<TreeMeasure> {
  const tree = measuredTree(inPieces(bytes, size));
  assert.deepEqual(await new Response(tree.stream).bytes(), bytes);
  return tree.measure();
}

async function fill(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await Deno.mkdir(`${folder}/${name.split("/").slice(0, -1).join("/")}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, `contents of ${name}`);
  }
}

const names = [
  "a",
  " leading and trailing ",
  "-rf",
  "two\nlines",
  "näme/日本",
  `${"d".repeat(90)}/${"e".repeat(90)}/${"f".repeat(150)}`,
];

Deno.test("a tree measures the same in whatever order and pieces it comes", () =>
  withFolder((one) =>
    withFolder(async (other) => {
      await fill(one, names);
      await fill(other, names.toReversed());
      const wanted = await measureOf(await archive(one));
      assert.equal(wanted.files, names.length);
      assert.equal(wanted.folders, 3);
      for (const [size, options] of [[512, []], [7, ["--sort=name"]], [100_000, []]] as const) {
        assert.deepEqual(await measureOf(await archive(other, ...options), size), wanted);
      }
    })
  ));

Deno.test("a tree measures otherwise when a path, a content, a link or a folder differs", async () => {
  const changes: [string, (folder: string) => Promise<unknown>][] = [
    ["a content", (folder) => Deno.writeTextFile(`${folder}/a`, "CONTENTS OF a")],
    ["a path", (folder) => Deno.rename(`${folder}/a`, `${folder}/b`)],
    ["a file more", (folder) => Deno.writeTextFile(`${folder}/more`, "")],
    ["a folder more", (folder) => Deno.mkdir(`${folder}/empty`)],
    ["a link more", (folder) => Deno.symlink("a", `${folder}/link`)],
  ];
  for (const [what, change] of changes) {
    await withFolder(async (folder) => {
      await fill(folder, ["a", "c/d"]);
      const before = await measureOf(await archive(folder));
      await change(folder);
      const after = await measureOf(await archive(folder));
      assert.notEqual(treeDifference(after, before), undefined, what);
      assert.equal(treeDifference(after, after), undefined);
    });
  }
});

Deno.test("an archive that is cut off anywhere fails, and so does what is none", () =>
  withFolder(async (folder) => {
    await fill(folder, ["a", "b"]);
    const whole = await archive(folder);
    const end = whole.findLastIndex((byte) => byte !== 0) + 1;
    for (const length of [0, 100, 512, 1_000, end - 1]) {
      const tree = measuredTree(inPieces(whole.slice(0, length), 300));
      await assert.rejects(new Response(tree.stream).bytes(), /ends early/, `${length}`);
    }
    const none = measuredTree(inPieces(new Uint8Array(1_024).fill(65), 300));
    await assert.rejects(new Response(none.stream).bytes(), /sum of a header/);
  }));

Deno.test("an empty folder has nothing in it", () =>
  withFolder(async (folder) => {
    const { files, folders, others, sizeBytes, sha256 } = await measureOf(await archive(folder));
    assert.deepEqual([files, folders, others, sizeBytes], [0, 0, 0, 0]);
    assert.match(sha256, /^0{64}$/);
  }));

Deno.test("a size that is none is refused, and not waited for", () =>
  withFolder(async (folder) => {
    await fill(folder, ["a"]);
    const bytes = await archive(folder, "--format=ustar");
    const at = headerOf(bytes, "./a");
    bytes.set(new TextEncoder().encode("zzzzzzzzzzz"), at + 124);
    bytes.fill(32, at + 148, at + 156);
    const sum = bytes.subarray(at, at + 512).reduce((all, byte) => all + byte, 0);
    bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), at + 148);
    await assert.rejects(measureOf(bytes), /the size in a header is no number of bytes/);
  }));

/** Where the header of an entry begins in an archive. */
function headerOf(bytes: Uint8Array, name: string): number {
  const wanted = `${name}\0`;
  for (let at = 0; at < bytes.length; at += 512) {
    if (new TextDecoder().decode(bytes.subarray(at, at + wanted.length)) === wanted) return at;
  }
  throw new Error(`the archive has no ${name}`);
}
