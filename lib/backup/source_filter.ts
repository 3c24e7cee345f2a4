import { UsageError } from "../core/errors.ts";
import type { BackupSource } from "./names.ts";

/** Which sources are meant: those that have each of these parts; all when it is empty. */
export type SourceFilter = Partial<BackupSource>;

/**
 * Read which sources a command line means: `postgres/shop-production/main/orders`, or the first parts of that, as
 * messages and the store name them. What is not a letter, a digit, `.`, `_` or `-` can be written as in URLs.
 *
 * @throws {UsageError} when a part is empty, or has a percent sign that begins nothing
 */
export function parseSourceFilter(text: string): SourceFilter {
  // Messages have a space behind the kind.
  const written = text.replace(/^([^\s/]+) /, "$1/").replace(/\/$/, "").split("/");
  // Only the item, such as a database, is named by people who may put slashes into it.
  const parts = [...written.slice(0, 3), ...written.length > 3 ? [written.slice(3).join("/")] : []]
    .map(decoded);
  if (parts.some((part) => part === undefined || part === "")) {
    throw new UsageError(
      `Cannot read the source "${text}": a part of it is empty or not readable`,
      {
        remedy:
          "write kind, scope, name and item, or the first of them, such as postgres/shop-production/main; what is no letter or digit can be written as in URLs",
      },
    );
  }
  const [kind, scope, name, item] = parts;
  return Object.fromEntries(
    Object.entries({ kind, scope, name, item }).filter(([, part]) => part !== undefined),
  );
}

/** Whether a source is one of those that are meant. Names match wholly: `app` is not `app2`. */
export function isMeant(source: BackupSource, filter: SourceFilter): boolean {
  return (["kind", "scope", "name", "item"] as const).every((part) =>
    filter[part] === undefined || filter[part] === source[part]
  );
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
