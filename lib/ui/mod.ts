import { createJsonRenderer } from "./json.ts";
import { createLiveRenderer } from "./live_renderer.ts";
import { createPaint } from "./paint.ts";
import { createPlainRenderer } from "./plain.ts";
import { redacted } from "./redacted.ts";
import type { Renderer, RendererParts } from "./renderer.ts";

export { standardError, standardOutput } from "./screen.ts";
export type { OutputStream, Screen } from "./screen.ts";
export { systemClock } from "./renderer.ts";
export type { Clock, Problem, Renderer, RendererParts } from "./renderer.ts";

/** What decides how a run is shown. */
export interface RendererOptions extends RendererParts {
  /** One JSON object a line on standard output, and nothing else there. */
  json: boolean;
  /** The value of an environment variable: `CI`, `NO_COLOR` and `TERM` count. */
  env: (name: string) => string | undefined;
  /** The text without secrets. */
  redact: (text: string) => string;
}

/**
 * The renderer that fits: JSON lines when asked for, live lines on a terminal, plain lines elsewhere.
 * Sources: no-color.org; terminfo's `dumb` terminal has no cursor movement.
 */
export function createRenderer(options: RendererOptions): Renderer {
  return redacted(fitting(options), options.redact);
}

function fitting(options: RendererOptions): Renderer {
  const { json, env, stdout, stderr } = options;
  if (json) return createJsonRenderer(options);
  const isDumb = env("TERM") === "dumb";
  if (!stderr.isTerminal || isDumb || isSet(env("CI"))) return createPlainRenderer(options);
  const wantsColour = !isSet(env("NO_COLOR"));
  return createLiveRenderer({ ...options, paint: createPaint(wantsColour && stdout.isTerminal) });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false";
}
