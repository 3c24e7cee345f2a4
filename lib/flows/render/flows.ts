import type { Context } from "../../core/context.ts";
import type { FlowMatrix } from "../../review/network/matrix.ts";
import { type DrawingRequest, writeDrawing } from "./drawing.ts";
import type { RenderedPlatform } from "./render.ts";

/** Who may connect to whom, as people read it. */
export async function flowsText(rendered: RenderedPlatform): Promise<string> {
  const { matrixText } = await import("../../review/network/matrix_text.ts");
  return matrixText(await matrixOf(rendered));
}

/**
 * Who may connect to whom, as programs read it: `{from, to, ports, partly?, byAddress?}` for each allowed pair, and
 * at last `{allowed, denied, open}`.
 */
export async function flowsRecords(rendered: RenderedPlatform): Promise<Record<string, unknown>[]> {
  const { endName } = await import("../../review/network/ends.ts");
  const { portsText } = await import("../../review/network/port_set.ts");
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
  request: DrawingRequest,
  context: Pick<Context, "cwd" | "emit" | "now">,
): Promise<void> {
  const { matrixSvg } = await import("../../review/network/svg.ts");
  const { name, environment } = rendered.platform;
  const title = `Who may connect to whom: ${name}, ${environment}`;
  await writeDrawing(request, async () => matrixSvg(await matrixOf(rendered), title), context);
}

async function matrixOf({ manifests, platform }: RenderedPlatform): Promise<FlowMatrix> {
  const { flowMatrix } = await import("../../review/network/matrix.ts");
  return flowMatrix(manifests, platform);
}
