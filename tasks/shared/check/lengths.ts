import type { SourceFile } from "./directives.ts";

/** A module is one idea; one that needs more lines than this is two. */
export const mostLines = 250;

/** What is too long. */
export function longFiles({ path, text }: SourceFile): string[] {
  const lines = text.split("\n").length - 1;
  return lines > mostLines
    ? [`${path}: ${lines} lines, wanted at most ${mostLines}; split it by ideas`]
    : [];
}
