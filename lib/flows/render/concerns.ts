import type { Context } from "../../core/context.ts";
import type { NoteEvent } from "../../core/events.ts";
import { type EndedConcern, endedConcerns } from "../../platform/ended.ts";
import { podSources } from "../../review/pods.ts";
import { imagesOf } from "../../review/images.ts";
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

function noteOf({ name, ended, by, keep, used }: EndedConcern): NoteEvent {
  const { what, since, because, source, successor, back } = ended;
  const why = `${because} (since ${since})`;
  const users = used.join(", ");
  const note = (message: string, remedy: string): NoteEvent => ({
    type: "note",
    level: "warning",
    message,
    remedy: `${remedy}; see ${source}`,
  });
  if (keep !== undefined) {
    return note(
      `${what} is kept${users === "" ? "" : `, as ${users}`}: ${keep}; but ${why}`,
      `its successor would be ${successor}`,
    );
  }
  if (by === undefined) {
    return note(
      `${what} is used, as ${users}: ${why}`,
      `use ${successor}, or say under replacements.${name}.keep why it stays`,
    );
  }
  return note(
    users === ""
      ? `${by} in place of ${what}: ${why}`
      : `${by} is to be in place of ${what}, which is still used, as ${users}: ${why}`,
    `to have it back: ${back}, and replacements.${name}.keep with the reason`,
  );
}
