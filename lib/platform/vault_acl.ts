import type { VaultCapability, VaultPolicy } from "./types.ts";

/**
 * Whether policies together allow something on a path: only the most specific of their paths counts, and `deny`
 * there goes before all else. Source: Vault, "Policies", priority matching.
 */
export function allows(
  policies: readonly VaultPolicy[],
  path: string,
  capability: VaultCapability,
): boolean {
  const matching = policies.flatMap(({ paths }) => Object.entries(paths))
    .filter(([pattern]) => matches(pattern, path));
  if (matching.length === 0) return false;
  const [best] = matching.map(([pattern]) => pattern).toSorted((a, b) => rank(b) - rank(a));
  const capabilities = matching.filter(([pattern]) => pattern === best).flatMap(([, all]) => all);
  return capabilities.includes(capability) && !capabilities.includes("deny");
}

/** Where the first wildcard stands; beyond all else where there is none. */
function rank(pattern: string): number {
  const wildcard = pattern.search(/\+|\*$/);
  return wildcard < 0 ? Number.POSITIVE_INFINITY : wildcard + pattern.length / 10_000;
}

function matches(pattern: string, path: string): boolean {
  const isPrefix = pattern.endsWith("*");
  const literal = isPrefix ? pattern.slice(0, -1) : pattern;
  const form = literal.split("/").map((part) => part === "+" ? "[^/]+" : RegExp.escape(part))
    .join("/");
  return new RegExp(`^${form}${isPrefix ? "" : "$"}`).test(path);
}
