import type { ObjectRef } from "./object.ts";

/**
 * Whether a pattern names an object: `Kind/namespace/name`, or `Kind/name` for one without a namespace,
 * in which `*` stands for any text within one part.
 *
 * @example
 * ```ts
 * matchesObject("Secret/shop/*", { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "a" }); // true
 * ```
 */
export function matchesObject(pattern: string, { kind, namespace, name }: ObjectRef): boolean {
  const parts = namespace === undefined ? [kind, name] : [kind, namespace, name];
  const patterns = pattern.split("/");
  return patterns.length === parts.length &&
    patterns.every((wanted, index) => matchesText(wanted, parts[index]!));
}

function matchesText(pattern: string, text: string): boolean {
  // Most parts are plain, and this is asked of each object for each pattern.
  if (!pattern.includes("*")) return pattern === text;
  const form = pattern.split("*").map((literal) => RegExp.escape(literal)).join(".*");
  return new RegExp(`^${form}$`).test(text);
}
