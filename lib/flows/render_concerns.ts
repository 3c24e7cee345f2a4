import type { Context } from "../core/context.ts";
import { type EndedConcern, endedConcerns } from "../platform/ended.ts";
import { podSources } from "../review/pods.ts";
import { imagesOf } from "../review/images.ts";
import type { RenderedPlatform } from "./render.ts";

/** Tell, as notes, what of a platform came to an end, and what it does about it. */
export function tellConcerns(
  { platform, manifests }: RenderedPlatform,
  { emit }: Pick<Context, "emit">,
): void {
  const images = podSources(manifests).flatMap(({ spec }) =>
    imagesOf(spec).map(({ image }) => image)
  );
  for (const concern of endedConcerns(platform, images)) emit(noteOf(concern));
}

function noteOf({ name, ended, by, keep, used }: EndedConcern) {
  const { what, since, because, source, successor, back } = ended;
  const end = `${what} came to an end (since ${since}: ${because})`;
  const uses = used.length === 0 ? "" : `, used by ${used.join(", ")}`;
  const level = "warning" as const;
  if (keep !== undefined) {
    return {
      type: "note" as const,
      level,
      message:
        `kept although it came to an end: ${what}${uses} (since ${since}: ${because}); ${keep}`,
      remedy: `${successor} would be the successor; see ${source}`,
    };
  }
  if (by !== undefined) {
    return {
      type: "note" as const,
      level,
      message: used.length === 0
        ? `${by} in place of ${end}`
        : `${by} is meant to be in place of ${end}, which is still there${uses}`,
      remedy:
        `to have it back: ${back}, with replacements.${name}.keep and a reason; see ${source}`,
    };
  }
  return {
    type: "note" as const,
    level,
    message: `${end}${uses}`,
    remedy: `use ${successor}, or say under replacements.${name}.keep why it stays; see ${source}`,
  };
}
