import type { Context } from "../core/context.ts";
import type { RenderedPlatform } from "./render.ts";

/** Tell what the reader of a render should know, as notes; refuse what must not be rendered. */
export function tellConcerns(
  _rendered: RenderedPlatform,
  _options: { placeholders?: boolean },
  _context: Pick<Context, "emit">,
): void {}
