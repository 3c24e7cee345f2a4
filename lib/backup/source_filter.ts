import { UsageError } from "../core/errors.ts";
import type { BackupSource } from "./names.ts";

/** Which sources are meant: those that have each of these parts; all when it is empty. */
export type SourceFilter = Partial<BackupSource>;

/**
 * Read which sources a command line means: `postgres/shop-production/main/orders`, or the first parts of that, as
 * messages and the store name them. What is not a letter, a digit, `.`, `_` or `-` can be written as in URLs.
 *
 * @throws {UsageError} when it has too many parts, or an empty one
 */
export function parseSourceFilter(text: string): SourceFilter {
  // Messages have a space behind the kind.
  const parts = text.replace(/^([^\s/]+) /, "$1/").replace(/\/$/, "").split("/").map(decoded);
  if (parts.length > 4 || parts.some((part) => part === undefined || part === "")) {
    throw new UsageError(
      `Cannot read the source "${text}": wanted kind, scope, name and item, or the first of them, such as postgres/shop-production/main`,
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
