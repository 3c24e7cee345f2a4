import { parse } from "yaml";
import type { Answer } from "./answer.ts";
import type { DocumentRow } from "./extract.ts";

/** Where each row of a document is answered. */
export interface CoverageTable {
  /** Environments, the first being the one that answers mean unless they name another. */
  environments: string[];
  /** Answers by row; a text alone is a reason. */
  rows: Record<string, string | Answer[]>;
}

/** Read a coverage table. */
export function parseTable(text: string): CoverageTable {
  return parse(text) as CoverageTable;
}

/** The answers of a row, a reason being one. */
export function answersOf(row: string | Answer[]): Answer[] {
  return typeof row === "string" ? [{ because: row }] : row;
}

/** Write the rows of a document, without its words, one a line. */
export function printIndex(rows: readonly DocumentRow[]): string {
  return rows.map(({ id, kind, figures }) => `${[id, kind, ...figures].join("\t")}\n`).join("");
}

/** Read what {@linkcode printIndex} wrote. */
export function parseIndex(text: string): DocumentRow[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [id, kind, ...figures] = line.split("\t");
    return { id: id!, kind: kind as DocumentRow["kind"], figures };
  });
}

/** Figures of a row that no answer gives: neither as its value, nor by naming them. */
export function unansweredFigures(row: DocumentRow, answers: readonly Answer[]): string[] {
  // A reason alone speaks for all of its row.
  if (answers.length > 0 && answers.every(({ because }) => because !== undefined)) return [];
  const given = answers.flatMap(({ is, has, of, at, platform, figures = [] }) => [
    ...figures.map(String),
    ...[is, has].filter((value) => value !== undefined).map((value) => JSON.stringify(value)),
    ...[of, at, platform].filter((value) => value !== undefined),
  ]);
  return row.figures.filter((figure) => {
    const whole = new RegExp(`(?<![\\d.])${RegExp.escape(figure)}(?![\\d])`);
    return !given.some((text) => whole.test(text));
  });
}
