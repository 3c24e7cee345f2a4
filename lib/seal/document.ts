import { dump, loadAll, YAMLException } from "js-yaml";
import { Malformed } from "./errors.ts";
import { jsonTexts } from "./json_texts.ts";
import { type Document, objectsIn } from "./objects.ts";
import type { Format } from "./text_format.ts";

export { isObject } from "./objects.ts";
export type { Document } from "./objects.ts";
export { formatOfName } from "./text_format.ts";
export type { Format } from "./text_format.ts";

/**
 * The objects of a text in JSON or YAML: one, a stream of several, or lists of kind `List`, `SecretList` or
 * `SealedSecretList`. Empty documents are left out. No message repeats any of the text, which may be secret.
 *
 * @param source where the text comes from, for messages
 * @throws {Malformed} when it is neither JSON nor YAML, or holds something that is no object
 */
export function readDocuments(text: string, source: string): Document[] {
  return objectsIn(parsed(text, source), source);
}

/** Objects as a text, each begun by `---` in YAML, and each on lines of its own in JSON. */
export function writeDocuments(values: readonly object[], format: Format): string {
  return values.map((value) =>
    format === "json"
      ? `${JSON.stringify(value, undefined, 2)}\n`
      : `---\n${dump(value, { lineWidth: -1, noRefs: true })}`
  ).join("");
}

function parsed(text: string, source: string): unknown[] {
  if (/^\s*\{/.test(text)) {
    const values = jsonTexts(text);
    if (values !== undefined) return values;
  }
  try {
    return loadAll(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new Malformed(`Cannot read ${source}: ${wrongAt(error)}`, {
      remedy: "mend it; values that begin with one of *&!%@`{[ need quotes",
    });
  }
}

/** What is wrong, without anything of the text: the parser quotes aliases and tags, which a secret may look like. */
function wrongAt({ reason, mark }: YAMLException): string {
  const words = reason.replace(/\s*["'<({[:].*$/s, "");
  return mark === undefined || mark === null
    ? `it is no YAML: ${words}`
    : `line ${mark.line + 1}, column ${mark.column + 1} is no YAML: ${words}`;
}
