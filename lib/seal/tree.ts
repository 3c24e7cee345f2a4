import { type Document as YamlDocument, isAlias, parseAllDocuments, visit } from "yaml";
import { type Document, isObject } from "./document.ts";

/** An object of a file that can be edited where it stands. */
export interface TreeObject extends Document {
  /** Which document of the file it is in, from 0. */
  document: number;
  /** Keys that lead to it within its document; none but in lists. */
  path: readonly string[];
}

/** What a file of a tree holds. */
export interface TreeContent {
  /** Its objects: those with a kind, also those of lists. */
  objects: TreeObject[];
  /** Why it could not be read, or not wholly; undefined when it could. No text of the file is in it. */
  broken?: string;
}

/**
 * Whether a file may hold Secrets or SealedSecrets, or is a platform file: a quick look that spares reading most files
 * of a repository.
 */
export function mayHoldSecrets(text: string): boolean {
  return /\bkind["']?\s*:\s*["']?(Sealed)?Secret(List)?\b/.test(text) ||
    /^(sealedSecrets|environments)\s*:/m.test(text);
}

/**
 * Read the objects of a YAML or JSON file with where each of them stands.
 *
 * @param source the file, for messages
 */
export function readTreeFile(text: string, source: string): TreeContent {
  const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: "silent" });
  const documents = Array.isArray(parsed) ? parsed as YamlDocument[] : [];
  const wrong = documents.find(({ errors }) => errors.length > 0);
  if (wrong !== undefined) {
    const offset = wrong.errors[0]!.pos[0];
    const line = text.slice(0, offset).split("\n").length;
    return {
      objects: [],
      broken: /\{\{.*\}\}/.test(text)
        ? `it is a template, which only its program can fill`
        : `line ${line} is no YAML`,
    };
  }
  const found = documents.flatMap((document, index) =>
    objectsIn(valueOf(document), []).map(({ value, path }) => ({ value, path, document: index }))
  );
  return {
    objects: found.map((object, index) => ({
      ...object,
      place: found.length === 1 ? source : `${source}, object ${index + 1}`,
    })),
  };
}

/** A document's value. Aliases that repeat themselves without end would fill the memory. */
function valueOf(document: YamlDocument): unknown {
  let aliases = 0;
  visit(document, { Node: (_key, node) => void (isAlias(node) && aliases++) });
  return aliases > 100 ? undefined : document.toJS();
}

function objectsIn(
  value: unknown,
  path: readonly string[],
): { value: Record<string, unknown>; path: readonly string[] }[] {
  if (!isObject(value)) return [];
  const { apiVersion, kind, items } = value;
  if (!Array.isArray(items) || typeof kind !== "string" || !kind.endsWith("List")) {
    return [{ value, path }];
  }
  const itemKind = kind.slice(0, -"List".length);
  // Items of a typed list need not repeat what the list says.
  const common = itemKind === "" ? {} : { apiVersion, kind: itemKind };
  return items.flatMap((item, index) =>
    objectsIn(isObject(item) ? { ...common, ...item } : item, [...path, "items", String(index)])
  );
}
