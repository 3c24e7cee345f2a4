/** A source file of the project. */
export interface SourceFile {
  /** Path from the project's folder. */
  path: string;
  /** Its text. */
  text: string;
}

const directive =
  /(?:\/\/|\/\*)\s*(deno-lint-ignore(?:-file)?|deno-fmt-ignore(?:-file)?)\b([^\n]*)/;
const unchecked = /(?:\/\/|\/\*)\s*(@ts-(?:ignore|nocheck))\b/;

/**
 * Comments that silence the layer rules, all lint rules at once, the formatter or the type
 * checker. A lint directive that names other rules is allowed, and so is `@ts-expect-error`.
 */
export function forbiddenDirectives({ path, text }: SourceFile): string[] {
  return text.split("\n").flatMap((line, index) => {
    const name = unchecked.exec(line)?.[1] ?? forbiddenLint(line);
    return name === undefined ? [] : [`${path}:${index + 1}: ${name} is not allowed here`];
  });
}

function forbiddenLint(line: string): string | undefined {
  const [, name, rest] = directive.exec(line) ?? [];
  if (name === undefined) return undefined;
  const rules = (rest ?? "").split("--")[0]!.replace("*/", "").trim();
  if (name.startsWith("deno-fmt") || rules === "") return name;
  return rules.includes("layers/") ? `${name} ${rules}` : undefined;
}
