import { basename, dirname, resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { elapsedMs } from "../../core/steps.ts";
import { readPlain, writeWhole } from "./tree_files.ts";

/** Where a drawing is written. */
export interface DrawingRequest {
  /** The file, as typed. */
  file: string;
  /** Tell what would be written, and do nothing. */
  dryRun?: boolean;
}

/**
 * Write a drawing where it is not there already. The summary counts it:
 * `{created, configured, unchanged, durationMs}`.
 *
 * @throws {UsageError} when the file's name does not end in .svg
 */
export async function writeDrawing(
  { file, dryRun = false }: DrawingRequest,
  draw: () => string | Promise<string>,
  context: Pick<Context, "cwd" | "emit" | "now">,
): Promise<void> {
  const startedAt = context.now();
  if (!file.endsWith(".svg")) {
    throw new UsageError(`Cannot draw into ${file}: the drawing is an SVG`, {
      remedy: "give a file that ends in .svg, or no file for a table",
    });
  }
  const text = await draw();
  const path = resolve(context.cwd, file);
  const found = await readPlain(dirname(path), basename(path));
  const action = found === undefined ? "created" : found === text ? "unchanged" : "configured";
  if (!dryRun && action !== "unchanged") await writeWhole(dirname(path), basename(path), text);
  context.emit({ type: "change", phase: dryRun ? "plan" : "apply", action, subject: file });
  const counts = { created: 0, configured: 0, unchanged: 0 };
  counts[action]++;
  context.emit({ type: "summary", ...counts, durationMs: elapsedMs(startedAt, context) });
}
