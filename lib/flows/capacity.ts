import type { Context } from "../core/context.ts";
import { capacityOf } from "../review/capacity/capacity.ts";
import { capacityTables } from "../review/capacity/tables.ts";
import { capacityLines } from "../review/capacity/text.ts";
import type { RenderedPlatform } from "./render/render.ts";

/** Tell in a line or two whether a platform fits its nodes, and still does when one of them is lost. */
export function tellCapacity(
  { platform, manifests }: RenderedPlatform,
  { emit }: Pick<Context, "emit">,
): void {
  for (const { text, good } of capacityLines(capacityOf(manifests, platform))) {
    emit({
      type: "note",
      level: good ? "info" : "warning",
      message: `capacity: ${text}`,
      ...(good ? {} : { remedy: "see who takes what with `deno task render --capacity`" }),
    });
  }
}

/** Show what takes how much of a platform's nodes. */
export function showCapacity(
  { platform, manifests }: RenderedPlatform,
  { emit }: Pick<Context, "emit">,
): void {
  for (const table of capacityTables(capacityOf(manifests, platform))) emit(table);
}
