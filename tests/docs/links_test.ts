import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { type Page, projectFolder, readPages } from "./pages.ts";

const pages = await readPages();

Deno.test("links of pages lead to files and headings that are there", async () => {
  const broken: string[] = [];
  for (const page of pages) {
    for (const link of linksOf(page)) {
      if (!await leadsSomewhere(page, link)) broken.push(`${page.path}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("README.md leads to all pages", () => {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const reached = new Set<string>();
  const waiting = ["README.md"];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const page = byPath.get(path);
    if (page === undefined || reached.has(path)) continue;
    reached.add(path);
    waiting.push(...linksOf(page).map((link) => fileOf(page, link)));
  }
  assert.deepEqual([...byPath.keys()].filter((path) => !reached.has(path)), []);
});

function linksOf({ text }: Page): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^https?:/.test(link));
}

async function leadsSomewhere(page: Page, link: string): Promise<boolean> {
  const path = fileOf(page, link);
  const [, heading] = link.split("#");
  if (heading !== undefined) {
    const text = pages.find((other) => other.path === path)?.text ?? "";
    return headingsOf(text).includes(heading);
  }
  try {
    await Deno.stat(projectFolder + path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function fileOf(page: Page, link: string): string {
  const [file = ""] = link.split("#");
  return file === "" ? page.path : normalize(join(dirname(page.path), file));
}

/** Anchors as GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, "").replaceAll(" ", "-")
  );
}
