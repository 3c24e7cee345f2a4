/** How documents are written. */
export type Format = "json" | "yaml";

/** The format that a file's name tells; undefined when it tells none. */
export function formatOfName(file: string): Format | undefined {
  if (/\.ya?ml$/i.test(file)) return "yaml";
  return /\.json$/i.test(file) ? "json" : undefined;
}
