import type { Format } from "./text_format.ts";
import { jsonTexts } from "./json_texts.ts";
import { type Document, objectsIn } from "./objects.ts";
import { readQuickly, writeQuickly } from "./quick_yaml.ts";

/**
 * The objects of a text, as `readDocuments()` gives them; a parser of YAML is loaded only for what needs one.
 *
 * @param source where the text comes from, for messages
 * @throws {Malformed} when it is neither JSON nor YAML, or holds something that is no object
 */
export async function readText(text: string, source: string): Promise<Document[]> {
  const values = /^\s*\{/.test(text) ? jsonTexts(text) : readQuickly(text);
  if (values !== undefined) return objectsIn(values, source);
  const { readDocuments } = await import(
    new URL("./document.ts", import.meta.url).href
  ) as typeof import("./document.ts");
  return readDocuments(text, source);
}

/** Objects as a text, each begun by `---` in YAML, and each on lines of its own in JSON. */
export async function writeText(values: readonly object[], format: Format): Promise<string> {
  if (format === "json") {
    return values.map((value) => `${JSON.stringify(value, undefined, 2)}\n`).join("");
  }
  const texts = values.map((value) => writeQuickly(value));
  if (texts.every((text) => text !== undefined)) {
    return texts.map((text) => `---\n${text}`).join("");
  }
  const { writeDocuments } = await import(
    new URL("./document.ts", import.meta.url).href
  ) as typeof import("./document.ts");
  return writeDocuments(values, format);
}
