let segmenter: Intl.Segmenter | undefined;

const wide =
  /^(?![\u{ff61}-\u{ffdc}])[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{3000}-\u{303e}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}]/u;

const emojiByVariation = /^\p{Emoji}\u{fe0f}/u;

const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;

/**
 * How many terminal columns a text takes: wide characters take two, combining marks none.
 * Source: Unicode Standard Annex 11, East Asian Width.
 */
export function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemesOf(withoutEscapes(text))) {
    columns += graphemeColumns(segment);
  }
  return columns;
}

/** The text filled up with spaces to a number of terminal columns; longer texts stay as they are. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** The text cut to at most that many terminal columns, with an ellipsis where something is missing. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return "";
  let kept = "";
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    const width = graphemeColumns(segment);
    if (used + width > columns - 1) break;
    kept += segment;
    used += width;
  }
  return `${kept}…`;
}

/** The text folded at spaces into lines of at most that many terminal columns; longer words stay whole. */
export function foldAt(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * The text without escape sequences and control characters, which names and logs
 * from elsewhere may hold: they could repaint the reader's terminal. Tabs become
 * spaces; line feeds stay.
 */
export function printable(text: string): string {
  return withoutEscapes(text)
    .replaceAll("\t", "  ")
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "");
}

/** The text on one line: {@linkcode printable}, with line feeds and what surrounds them as one space. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, " ").trim();
}

/** Removes CSI and OSC sequences and two-character escapes. Source: ECMA-48, sections 5.4 and 8.3.89. */
function withoutEscapes(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[@-Z\\-_]/g,
    "",
  );
}

function graphemeColumns(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || emojiByVariation.test(grapheme) ? 2 : 1;
}

/** The segmenter's rules take longer to load than many a task, and most text is ASCII. */
function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}
