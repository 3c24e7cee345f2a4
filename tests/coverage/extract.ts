import { createHash } from "node:crypto";

/** Something that an architecture document says, and that a platform has to answer. */
export interface DocumentRow {
  /** Line, place in the line and fingerprint, such as `63.1-8f31c2`: changes when the document does. */
  id: string;
  /** What it is in the document. */
  kind: "heading" | "bullet" | "table row" | "paragraph" | "diagram";
  /** Numbers with their units, in order, each once. */
  figures: string[];
}

/**
 * All that a Markdown document says and that could be forgotten: each heading, bullet and table row, each
 * paragraph's line with a figure, and in diagrams each cell that is a bullet or has a figure.
 */
export function extractRows(document: string): DocumentRow[] {
  const lines = document.split("\n").map((line) => repaired(line.trimEnd()));
  let fenced = false;
  return lines.flatMap((line, index) => {
    if (/^\s*```/.test(line)) {
      fenced = !fenced;
      return [];
    }
    const found = fenced ? diagramCells(line) : outsideFence(line, lines[index + 1] ?? "");
    return found.map(({ kind, text }, place) => ({
      id: `${index + 1}.${place + 1}-${fingerprint(text)}`,
      kind,
      figures: figuresOf(text),
    }));
  });
}

type Found = { kind: DocumentRow["kind"]; text: string };

function outsideFence(line: string, next: string): Found[] {
  const text = line.trim();
  if (/^#{1,6}\s/.test(text)) return [{ kind: "heading", text }];
  if (text.startsWith("|")) {
    // The head of a table names its columns, and the line below it is a rule.
    const isHead = /^\|[\s|:-]+\|$/.test(next.trim());
    return isHead || /^\|[\s|:-]+\|$/.test(text) ? [] : [{ kind: "table row", text }];
  }
  if (/^([-*]|\d+\.)\s/.test(text)) return [{ kind: "bullet", text }];
  return figuresOf(text).length > 0 ? [{ kind: "paragraph", text }] : [];
}

/** Cells between the lines of a drawing. A branch of a tree is a bullet. */
function diagramCells(line: string): Found[] {
  const isBranch = /[├└]─/.test(line);
  return line.split(/[│┃║─━═┌┐└┘├┤┬┴┼╔╗╚╝]+/u)
    .map((cell) => cell.trim())
    .filter((cell) => /[\p{L}\d]/u.test(cell))
    .filter((cell, place) =>
      /^[-•✅❌*]/u.test(cell) || figuresOf(cell).length > 0 || (isBranch && place === 0)
    )
    .map((text) => ({ kind: "diagram", text }));
}

/** Numbers that are not parts of names such as K3s or S3, with a unit that follows at once. */
function figuresOf(text: string): string[] {
  // The number of a list's item counts the items only.
  const said = text.replace(/^\d+\.\s/, "");
  const found = said.match(/(?<![\p{L}\d.])v?\d+(?:[.,]\d+)*(?:[a-zA-Z]+|%)?/gu) ?? [];
  return [...new Set(found)];
}

function fingerprint(text: string): string {
  const normal = text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
  return createHash("sha256").update(normal).digest("hex").slice(0, 6);
}

const windows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder("windows-1252").decode(Uint8Array.of(byte)),
    byte,
  ]),
);

/** UTF-8 that was once read as Windows-1252 and written again, back as it was. */
function repaired(line: string): string {
  if (!/[âÃð][^\s]/.test(line)) return line;
  const bytes = [...line].map((character) => windows1252.get(character));
  if (bytes.some((byte) => byte === undefined)) return line;
  return new TextDecoder().decode(Uint8Array.from(bytes as number[]));
}
