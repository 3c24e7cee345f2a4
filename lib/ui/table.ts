import type { Paint } from "./paint.ts";
import { columnsOf, cutTo, oneLine, padTo } from "./text.ts";

const gap = "  ";
const narrowest = 8;

/** What a table shows. */
export interface Table {
  /** Column headings. */
  columns: readonly string[];
  /** Rows, each with one cell a column. */
  rows: readonly (readonly string[])[];
}

/**
 * The lines of a table, aligned in terminal columns. A table wider than `width` has its
 * widest columns cut, so that each row stays on one line.
 */
export function tableLines(table: Table, width: number, paint: Paint): string[] {
  const rows = [table.columns, ...table.rows].map((row) => row.map(oneLine));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const natural = Array.from(
    { length: count },
    (_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))),
  );
  const widths = fitted(natural, width - gap.length * (count - 1));
  return rows.map((row, index) => {
    const line = widths
      .map((columns, column) => padTo(cutTo(row[column] ?? "", columns), columns))
      .join(gap)
      .trimEnd();
    return index === 0 ? paint.bold(line) : line;
  });
}

/** Takes columns off the widest until the sum fits; none gets narrower than can be read. */
function fitted(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= narrowest) break;
    widths[widest]!--;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
