import { dump, loadAll, YAMLException } from "js-yaml";
import { Malformed } from "./errors.ts";
import { jsonTexts } from "./json_texts.ts";

/** How documents are written. */
export type Format = "json" | "yaml";

/** One object of a file. */
export interface Document {
  /** The object, with apiVersion and kind. */
  value: Record<string, unknown>;
  /** Where it stands, for messages: `secrets.yaml`, or `secrets.yaml, object 2` where there are several. */
  place: string;
  /** Which document of the stream it stands in, from 0. */
  document: number;
  /** The way to it within that document: empty, or the places in lists, such as `["items", "0"]`. */
  path: readonly string[];
}

/**
 * The objects of a text in JSON or YAML: one, a stream of several, or lists of kind `List`, `SecretList` or
 * `SealedSecretList`. Empty documents are left out. No message repeats any of the text, which may be secret.
 *
 * @param source where the text comes from, for messages
 * @throws {Malformed} when it is neither JSON nor YAML, or holds something that is no object
 */
export function readDocuments(text: string, source: string): Document[] {
  const found = parsed(text, source).flatMap((value, document) =>
    itemsOf(value, source).map((item) => ({ ...item, document }))
  );
  return found.map((item, index) => ({
    ...item,
    place: found.length === 1 ? source : `${source}, object ${index + 1}`,
  }));
}

/** Objects as a text, each begun by `---` in YAML, and each on lines of its own in JSON. */
export function writeDocuments(values: readonly object[], format: Format): string {
  return values.map((value) =>
    format === "json"
      ? `${JSON.stringify(value, undefined, 2)}\n`
      : `---\n${dump(value, { lineWidth: -1, noRefs: true })}`
  ).join("");
}

/** The format that a file's name tells; undefined when it tells none. */
export function formatOfName(file: string): Format | undefined {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  return /\.json$/i.test(file) ? "json" : undefined;
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

function itemsOf(value: unknown, source: string): Pick<Document, "value" | "path">[] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) {
    throw new Malformed(`Cannot read ${source}: it holds something that is no Kubernetes object`, {
      remedy: "give objects with apiVersion and kind; a bare value is sealed with --raw",
    });
  }
  const { apiVersion, kind, items } = value;
  if (!Array.isArray(items) || typeof kind !== "string" || !kind.endsWith("List")) {
    return [{ value, path: [] }];
  }
  const itemKind = kind.slice(0, -"List".length);
  // Items of a typed list need not repeat what the list says.
  const common = itemKind === "" ? {} : { apiVersion, kind: itemKind };
  return items.flatMap((item, index) =>
    itemsOf(isObject(item) ? { ...common, ...item } : item, source).map(({ value, path }) => ({
      value,
      path: ["items", String(index), ...path],
    }))
  );
}

/** Whether a value is an object as JSON has it. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
