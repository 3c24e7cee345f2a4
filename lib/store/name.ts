import { StoreError } from "./errors.ts";

/** Longest name, in bytes: S3 allows 1,024 for prefix and name together. Source: Amazon S3, "Naming Amazon S3 objects". */
const longestName = 900;
/** Longest part of a name, in bytes: file systems allow 255. */
const longestPart = 240;

/**
 * Check that a text can name an object in every store: parts of printable characters, joined by `/`, none of which
 * is empty or begins with a dot. So no name leads out of a folder, and none hides there.
 *
 * @throws {StoreError} when it cannot
 */
export function checkName(name: string): void {
  const because = fault(name);
  if (because === undefined) return;
  throw new StoreError(`Cannot use ${JSON.stringify(name)} as the name of an object: ${because}`, {
    remedy: "use parts of printable characters, joined by /, that do not begin with a dot",
  });
}

function fault(name: string): string | undefined {
  const size = (text: string) => new TextEncoder().encode(text).length;
  if (size(name) > longestName) return `it is longer than ${longestName} bytes`;
  if (!name.isWellFormed()) return "it is no valid Unicode";
  if (/\p{Cc}|\\/u.test(name)) return "it has control characters or a backslash";
  for (const part of name.split("/")) {
    if (part === "") return "it has an empty part";
    if (part.startsWith(".")) return `its part "${part}" begins with a dot`;
    if (size(part) > longestPart) return `one of its parts is longer than ${longestPart} bytes`;
  }
  return undefined;
}
