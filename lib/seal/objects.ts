import { Malformed } from "./errors.ts";

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
 * The objects in the values of a stream, with lists of kind `List`, `SecretList` or `SealedSecretList` taken apart, and
 * empty documents left out.
 *
 * @param source where they come from, for messages
 * @throws {Malformed} when one is no object
 */
export function objectsIn(values: readonly unknown[], source: string): Document[] {
  const found = values.flatMap((value, document) =>
    itemsOf(value, source).map((item) => ({ ...item, document }))
  );
  return found.map((item, index) => ({
    ...item,
    place: found.length === 1 ? source : `${source}, object ${index + 1}`,
  }));
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
