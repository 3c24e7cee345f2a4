import { UsageError } from "../../core/errors.ts";
import { namesIn, partialFile, readPlain, writeWhole } from "./tree_files.ts";

/** Name of the file in which a tree's files are listed, one path a line, after a line that names their owner. */
export const listFile = ".slipway-tree";

const heading = "# Written by `deno task render --out`, which also removes them again. Owner: ";

/**
 * Paths that earlier renders of the same owner wrote into a folder; none when the folder is empty or not there.
 * `owner` is a platform's environment, such as `shop.production`.
 *
 * @throws {UsageError} when the folder has files and no render wrote it, or another owner's did
 */
export async function readOwned(root: string, owner: string): Promise<string[]> {
  const list = await readPlain(root, listFile);
  if (list === undefined) {
    const others = (await namesIn(root)).filter((name) => name !== ".git" && name !== partialFile);
    if (others.length === 0) return [];
    throw new UsageError(
      `Refused to render into ${root}: it has files that no render wrote, such as ${others[0]}`,
      { remedy: "name an empty folder with --out, or one that an earlier render made" },
    );
  }
  const [first = "", ...paths] = list.split("\n").filter((line) => line !== "");
  const found = first.startsWith(heading) ? first.slice(heading.length) : undefined;
  if (found === owner) return paths.map((path) => refuseOutside(path, root));
  throw new UsageError(
    `Refused to render ${owner} into ${root}: ${
      found === undefined ? `its ${listFile} has no owner` : `it is the tree of ${found}`
    }`,
    { remedy: "name a folder of its own for each platform and environment with --out" },
  );
}

/** Record which files of a folder are an owner's. */
export async function writeOwned(
  root: string,
  owner: string,
  paths: Iterable<string>,
): Promise<void> {
  const text = [heading + owner, ...[...new Set(paths)].sort()].join("\n") + "\n";
  if (await readPlain(root, listFile) !== text) await writeWhole(root, listFile, text);
}

/** The list is only a file: what it names outside of the tree is nobody's to remove. */
function refuseOutside(path: string, root: string): string {
  const parts = path.split("/");
  if (parts.every((part) => part !== "" && part !== "." && part !== "..")) return path;
  throw new UsageError(
    `Refused to render into ${root}: its ${listFile} lists ${path}, expected only paths inside`,
    { remedy: `remove that line from ${listFile}` },
  );
}
