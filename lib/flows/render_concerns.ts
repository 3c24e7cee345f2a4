import type { Context } from "../core/context.ts";
import type { RenderedPlatform } from "./render.ts";
import { tellFindings } from "./review.ts";

/** Tell what the reader of a render should know, as notes; refuse what must not be rendered. */
export function tellConcerns(
  rendered: RenderedPlatform,
  options: { placeholders?: boolean },
  context: Pick<Context, "emit">,
): void {
  tellFindings(rendered, options, context);
}
