/**
 * The statements of a script that pg_dump, pg_dumpall or pg_restore wrote, each without its semicolon. Comments and
 * the commands of psql are left out. Source: PostgreSQL, "Lexical Structure", with standard_conforming_strings on, as
 * these scripts set it.
 */
export function splitSql(script: string): string[] {
  const statements: string[] = [];
  let statement = "";
  for (let at = 0; at < script.length;) {
    const token = tokenAt(script, at, statement.trim() === "");
    at += token.text.length;
    if (token.kind === "skipped") continue;
    if (token.kind !== "end") {
      statement += token.text;
      continue;
    }
    if (statement.trim() !== "") statements.push(statement.trim());
    statement = "";
  }
  if (statement.trim() !== "") statements.push(statement.trim());
  return statements;
}

/**
 * The words of a statement: names with their quotes taken off, literals as they stand, every other sign on its own.
 */
export function sqlWords(statement: string): SqlWord[] {
  const words: SqlWord[] = [];
  for (let at = 0; at < statement.length;) {
    const { text } = tokenAt(statement, at, false);
    if (text.trim() !== "") {
      const quoted = text.startsWith('"');
      words.push({
        text: quoted ? text.slice(1, -1).replaceAll('""', '"') : text,
        quoted,
        at,
        length: text.length,
      });
    }
    at += text.length;
  }
  return words;
}

/** One word of a statement. */
export interface SqlWord {
  /** The word; of a quoted name, what it means. */
  text: string;
  /** Whether it is a quoted name. */
  quoted: boolean;
  /** Where it begins in the statement. */
  at: number;
  /** How long it is there. */
  length: number;
}

interface Token {
  kind: "text" | "skipped" | "end";
  text: string;
}

const quotedName = /"(?:[^"]|"")*"/y;
const escapedText = /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y;
const plainText = /'(?:[^']|'')*'/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const lineComment = /--[^\n]*/y;
const metaCommand = /\\[^\n]*/y;
const word = /[\w\u0080-\uffff][\w$\u0080-\uffff]*/y;

function tokenAt(text: string, at: number, first: boolean): Token {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const comment = match(lineComment) ?? (first ? match(metaCommand) : undefined);
  if (comment !== undefined) return { kind: "skipped", text: comment };
  const whole = match(quotedName) ?? match(escapedText) ?? match(plainText);
  if (whole !== undefined) return { kind: "text", text: whole };
  const tag = match(dollarTag);
  if (tag !== undefined) {
    const end = text.indexOf(tag, at + tag.length);
    return { kind: "text", text: text.slice(at, end < 0 ? text.length : end + tag.length) };
  }
  const letters = match(word);
  if (letters !== undefined) return { kind: "text", text: letters };
  return { kind: text[at] === ";" ? "end" : "text", text: text[at]! };
}
