/** A stretch of text, and what stands there instead. */
export interface TextEdit {
  /** Where it begins, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
  /** What stands there instead. */
  text: string;
}

/** A text with some stretches replaced, which do not overlap. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.toSorted((a, b) => b.start - a.start).reduce(
    (edited, edit) => edited.slice(0, edit.start) + edit.text + edited.slice(edit.end),
    text,
  );
}

/** Start of the line of a place, or of the comment lines of YAML directly above it. */
export function aboveLine(text: string, place: number): number {
  let start = text.lastIndexOf("\n", place - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (!/^\s*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

/** End of the line of a place, with its line break; a place right behind a line break is that end already. */
export function lineEnd(text: string, place: number): number {
  if (text[place - 1] === "\n") return place;
  const end = text.indexOf("\n", place);
  return end < 0 ? text.length : end + 1;
}
