import { basename, dirname, resolve } from "node:path";
import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import { elapsedMs } from "../core/steps.ts";
import type { FlowMatrix } from "../review/network/matrix.ts";
import type { RenderedPlatform } from "./render.ts";
import { readPlain, writeWhole } from "./tree_files.ts";

/** Where a drawing is written. */
export interface DrawingRequest {
  /** The file, as typed. */
  file: string;
  /** Tell what would be written, and do nothing. */
  dryRun?: boolean;
}

/** Who may connect to whom, as people read it. */
export async function flowsText(rendered: RenderedPlatform): Promise<string> {
  const { matrixText } = await import("../review/network/matrix_text.ts");
  return matrixText(await matrixOf(rendered));
}

/**
 * Who may connect to whom, as programs read it: `{from, to, ports, partly?, byAddress?}` for each allowed pair, and
 * at last `{allowed, denied, open}`.
 */
export async function flowsRecords(rendered: RenderedPlatform): Promise<Record<string, unknown>[]> {
  const { endName } = await import("../review/network/ends.ts");
  const { portsText } = await import("../review/network/port_set.ts");
  const { allowed, denied, open } = await matrixOf(rendered);
  return [
    ...allowed.map(({ from, to, ports, isPartial, isByAddress }) => ({
      from: endName(from),
      to: endName(to),
      ports: portsText(ports),
      ...(isPartial ? { partly: true } : {}),
      ...(isByAddress ? { byAddress: true } : {}),
    })),
    { allowed: allowed.filter(({ from, to }) => from !== to).length, denied, open },
  ];
}

/**
 * Draw who may connect to whom, as an SVG file. The summary counts it: `{created, configured, unchanged, durationMs}`.
 *
 * @throws {UsageError} when the file's name does not end in .svg
 */
export async function drawFlows(
  rendered: RenderedPlatform,
  { file, dryRun = false }: DrawingRequest,
  context: Pick<Context, "cwd" | "emit" | "now">,
): Promise<void> {
  const startedAt = context.now();
  if (!file.endsWith(".svg")) {
    throw new UsageError(`Cannot draw into ${file}: the drawing is an SVG`, {
      remedy: "give a file that ends in .svg, or no file for a table",
    });
  }
  const { matrixSvg } = await import("../review/network/svg.ts");
  const { name, environment } = rendered.platform;
  const text = matrixSvg(
    await matrixOf(rendered),
    `Who may connect to whom: ${name}, ${environment}`,
  );
  const path = resolve(context.cwd, file);
  const found = await readPlain(dirname(path), basename(path));
  const action = found === undefined ? "created" : found === text ? "unchanged" : "configured";
  if (!dryRun && action !== "unchanged") await writeWhole(dirname(path), basename(path), text);
  context.emit({ type: "change", phase: dryRun ? "plan" : "apply", action, subject: file });
  const counts = { created: 0, configured: 0, unchanged: 0 };
  counts[action]++;
  context.emit({ type: "summary", ...counts, durationMs: elapsedMs(startedAt, context) });
}

async function matrixOf({ manifests, platform }: RenderedPlatform): Promise<FlowMatrix> {
  const { flowMatrix } = await import("../review/network/matrix.ts");
  return flowMatrix(manifests, platform);
}
