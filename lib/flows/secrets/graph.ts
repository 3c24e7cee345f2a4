import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import { keyFindings } from "../../review/recoverability/findings.ts";
import { type KeyGraph, keyGraphOf } from "../../review/recoverability/graph.ts";
import { nameOfNode } from "../../review/recoverability/names.ts";
import { keyGraphRecords, keyGraphText } from "../../review/recoverability/text.ts";
import { type DrawingRequest, writeDrawing } from "../render/drawing.ts";
import { readPlatformFile, type RenderRequest } from "../render/render.ts";

/** Which key opens what in a platform. */
export interface PlatformKeys {
  /** Its graph. */
  graph: KeyGraph;
  /** Name and environment of the platform. */
  of: string;
}

/**
 * Find out which key opens what in a platform; no cluster is asked.
 *
 * @throws {UsageError} when there is no such platform or environment, or the file has mistakes
 */
export async function readKeys(
  { platform: wanted, env }: RenderRequest,
  context: Pick<Context, "cwd">,
): Promise<PlatformKeys> {
  const { file, text } = await readPlatformFile(wanted, context);
  const { loadPlatform } = await import("../../platform/load.ts");
  const platform = loadPlatform(text, { file, environment: env });
  return { graph: keyGraphOf(platform), of: `${platform.name}, ${platform.environment}` };
}

/** What opens what, as people read it. */
export function keysText({ graph }: PlatformKeys): string {
  return keyGraphText(graph);
}

/** What opens what, as programs read it: `{type: "key", …}` for each thing, `{type: "finding", …}` for each finding. */
export function keysRecords({ graph }: PlatformKeys): Record<string, unknown>[] {
  return keyGraphRecords(graph);
}

/**
 * Draw what opens what, as an SVG file.
 *
 * @throws {UsageError} when the file's name does not end in .svg
 */
export async function drawKeys(
  { graph, of }: PlatformKeys,
  request: DrawingRequest,
  context: Pick<Context, "cwd" | "emit" | "now">,
): Promise<void> {
  const { keyGraphSvg } = await import("../../review/recoverability/svg.ts");
  await writeDrawing(request, () => keyGraphSvg(graph, `What opens what: ${of}`), context);
}

/** Tell what could not be opened any more; the exit code is 5 when there is something. */
export function tellKeyFindings(
  { graph }: PlatformKeys,
  { emit }: Pick<Context, "emit">,
): ExitCode {
  const findings = keyFindings(graph);
  for (const { kind, node, because, remedy } of findings) {
    emit({
      type: "note",
      level: "warning",
      message: `${nameOfNode(node)}: ${because} (${kind})`,
      remedy,
    });
  }
  return findings.length === 0 ? ExitCode.done : ExitCode.differences;
}
