import assert from "node:assert/strict";
import { catalogue } from "../../lib/platform/catalogue.ts";
import { platformSchema } from "../../lib/platform/schema/platform.ts";
import { allRules } from "../../lib/review/rules/all.ts";
import { readPages } from "./pages.ts";

const pages = new Map((await readPages()).map(({ path, text }) => [path, text]));

Deno.test("docs/review.md lists all rules as the review has them", () => {
  assert.deepEqual(
    rowsOf("docs/review.md"),
    allRules.map(({ name, severity, summary }) => [name, severity, summary]),
  );
});

Deno.test("docs/ended.md lists all that came to an end as the catalogue has it", () => {
  assert.deepEqual(
    rowsOf("docs/ended.md"),
    Object.entries(catalogue().ended).map((
      [name, { what, since, because, successor, back }],
    ) => [name, what, since, because, successor, back]),
  );
});

Deno.test("docs/platform-files.md names all sections of platform files", () => {
  const named = new Set(
    rowsOf("docs/platform-files.md").flatMap((cells) => cells[0]!.split(", ")),
  );
  const sections = [...Object.keys(platformSchema.shape), "environments"];
  assert.deepEqual(sections.filter((section) => !named.has(section)), []);
  assert.deepEqual([...named].filter((section) => !sections.includes(section)), []);
});

/** Cells of a page's first table, without its head and without backticks. */
function rowsOf(path: string): string[][] {
  const lines = pages.get(path)?.split("\n") ?? [];
  const begin = lines.findIndex((line) => /^\|[-:|]+\|$/.test(line)) + 1;
  const end = lines.findIndex((line, index) => index >= begin && !line.startsWith("|"));
  return lines.slice(begin, end < 0 ? undefined : end).map((line) =>
    line.slice(1, -1).split("|").map((cell) => cell.trim().replaceAll("`", ""))
  );
}
