import type { FieldValue } from "./desired.ts";

/** Lists whose order means something; all others are sets. */
const ordered = new Set(["creation_statements"]);

/**
 * What of a thing differs from what is wanted, one readable line a field. Fields that are not wanted are not looked
 * at: Vault has defaults for them.
 */
export function fieldDiff(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, FieldValue>>,
): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const found = live[name];
    if (isSame(name, found, value)) return [];
    if (typeof value === "string" && typeof found === "string" && value.includes("\n")) {
      return ruleDiff(found, value);
    }
    return [`${name}: ${shown(found)} → ${shown(value)}`];
  });
}

function isSame(name: string, found: unknown, wanted: FieldValue): boolean {
  if (Array.isArray(wanted)) {
    const [a, b] = [asList(found).map(plainRange), wanted.map(plainRange)];
    const texts = ordered.has(name) ? [a, b] : [a.toSorted(), b.toSorted()];
    return JSON.stringify(texts[0]) === JSON.stringify(texts[1]);
  }
  if (typeof wanted === "string") return String(found ?? "").trim() === wanted.trim();
  return found === wanted;
}

/** Vault has no lists in some answers where they are empty. */
function asList(found: unknown): string[] {
  return Array.isArray(found) ? found.map(String) : [];
}

/** Vault gives back a range of one address as that address. */
function plainRange(text: string): string {
  return text.replace(/\/(32|128)$/, "");
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "none";
  return JSON.stringify(value);
}

/** A policy is a set of rules, of which each says its path: lines alone would not tell whose they are. */
function ruleDiff(before: string, after: string): string[] {
  const [old, wanted] = [before, after].map((text) =>
    text.trim().split(/\n\s*(?=path\s)/).map((rule) => rule.trim())
  );
  const shownAs = (sign: string, rules: readonly string[], others: readonly string[]) =>
    rules.filter((rule) => !others.includes(rule))
      .flatMap((rule) => rule.split("\n").map((line) => `${sign} ${line}`));
  const diff = [...shownAs("-", old!, wanted!), ...shownAs("+", wanted!, old!)];
  return diff.length > 0 ? diff : ["the same rules, otherwise written"];
}
