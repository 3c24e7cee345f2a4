import type { Paint } from "./paint.ts";
import { columnsOf, foldAt, oneLine, padTo } from "./text.ts";

const gap = "  ";

/** A last column narrower than this is not worth folding into. */
const narrowestFold = 16;

/** What a table shows. */
export interface Table {
  /** Column headings. */
  columns: readonly string[];
  /** Rows, each with one cell a column. */
  rows: readonly (readonly string[])[];
}

/**
 * The lines of a table, aligned in terminal columns. Where it is wider than `width`, the last
 * column is folded at spaces. Nothing is cut: cells hold names to look up and commands to copy.
 */
export function tableLines(table: Table, width: number, paint: Paint): string[] {
  const rows = [table.columns, ...table.rows].map((row) => row.map(oneLine));
  const widths = table.columns.map((_, column) =>
    Math.max(...rows.map((row) => columnsOf(row[column] ?? "")))
  );
  const before = widths.slice(0, -1).reduce((sum, columns) => sum + columns + gap.length, 0);
  const room = width - before < narrowestFold ? Infinity : width - before;
  return rows.flatMap((row, index) => {
    const lines = rowLines(row, widths, before, room);
    return index === 0 ? lines.map(paint.bold) : lines;
  });
}

function rowLines(
  row: readonly string[],
  widths: readonly number[],
  before: number,
  room: number,
): string[] {
  const first = widths.slice(0, -1)
    .map((columns, column) => padTo(row[column] ?? "", columns) + gap)
    .join("");
  const folded = foldAt(row[widths.length - 1] ?? "", room);
  return folded.map((text, index) =>
    `${index === 0 ? first : " ".repeat(before)}${text}`.trimEnd()
  );
}
