import { join, resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { inventoryId } from "../../core/labels.ts";
import { elapsedMs } from "../../core/steps.ts";
import { filesOf } from "../../../manifests/components/edges/files.ts";
import type { RenderedPlatform } from "./render.ts";
import { readPlain, removeWithFolders, writeWhole } from "./tree_files.ts";
import { treeFiles } from "./tree_layout.ts";
import { readOwned, writeOwned } from "./tree_owned.ts";

/** Where a tree is written. */
export interface TreeRequest {
  /** The folder, as typed. */
  folder: string;
  /** Tell what would be written and removed, and do nothing. */
  dryRun?: boolean;
}

/** What becomes of a file. */
interface FileChange {
  path: string;
  action: "created" | "configured" | "unchanged" | "pruned";
}

/**
 * Write a platform as a tree, one object a file, and remove what an earlier render wrote and this one does not.
 * Files whose text stays are not touched. The summary counts files:
 * `{created, configured, unchanged, pruned, durationMs}`.
 *
 * @throws {UsageError} when the folder is not empty and no render of the same platform and environment wrote it,
 *   or something stands in the way
 */
export async function renderTree(
  { platform, manifests }: RenderedPlatform,
  { folder, dryRun = false }: TreeRequest,
  context: Pick<Context, "cwd" | "emit" | "now" | "signal">,
): Promise<void> {
  const startedAt = context.now();
  const root = resolve(context.cwd, folder);
  const owner = inventoryId(platform);
  const files = await treeFiles({
    manifests,
    hostFiles: filesOf(platform),
    rootApplication: platform.rootApplication?.name,
  });
  const earlier = await readOwned(root, owner);
  const changes = await planChanges(root, files, earlier);

  // Old and new paths together before the first write: a run that is cut off leaves nothing unowned.
  if (!dryRun) await writeOwned(root, owner, [...earlier, ...files.keys()]);
  const counts = { created: 0, configured: 0, unchanged: 0, pruned: 0 };
  for (const { path, action } of changes) {
    context.signal.throwIfAborted();
    if (!dryRun && action === "pruned") await removeWithFolders(root, path);
    else if (!dryRun && action !== "unchanged") await writeWhole(root, path, files.get(path)!);
    counts[action]++;
    const phase = dryRun ? "plan" : "apply";
    context.emit({ type: "change", phase, action, subject: join(folder, path) });
  }
  if (!dryRun) await writeOwned(root, owner, files.keys());
  context.emit({ type: "summary", ...counts, durationMs: elapsedMs(startedAt, context) });
}

/** What becomes of each file, in the order of the paths. */
async function planChanges(
  root: string,
  files: ReadonlyMap<string, string>,
  earlier: readonly string[],
): Promise<FileChange[]> {
  const owned = new Set(earlier);
  const changes: FileChange[] = [];
  for (const [path, text] of files) {
    const found = await readPlain(root, path);
    if (found !== undefined && found !== text && !owned.has(path)) {
      throw new UsageError(`Refused to overwrite ${join(root, path)}: no render wrote it`, {
        remedy: "move it out of the way, or name another folder with --out",
      });
    }
    const action = found === undefined ? "created" : found === text ? "unchanged" : "configured";
    changes.push({ path, action });
  }
  for (const path of owned) {
    if (files.has(path) || await readPlain(root, path) === undefined) continue;
    changes.push({ path, action: "pruned" });
  }
  return changes.sort((a, b) => a.path < b.path ? -1 : 1);
}
