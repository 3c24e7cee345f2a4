import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { mergePatch } from "../../lib/platform/overlay.ts";

/** Folder of the project, with a slash at its end. */
export const projectFolder = fileURLToPath(new URL("../../", import.meta.url));

/** A page for users. */
export interface Page {
  /** Path from the project's folder. */
  path: string;
  /** Its text. */
  text: string;
}

/** README.md and all pages below docs, in order. */
export async function readPages(): Promise<Page[]> {
  const paths = ["README.md", "CONTRIBUTING.md"];
  for await (const { name } of Deno.readDir(`${projectFolder}docs`)) {
    if (name.endsWith(".md")) paths.push(`docs/${name}`);
  }
  return await Promise.all(
    paths.sort().map(async (path) => ({
      path,
      text: await Deno.readTextFile(projectFolder + path),
    })),
  );
}

/** Texts of the fenced blocks of one language, which is empty for what programs print. */
export function blocks({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, _name, block = ""]) => block);
}

/** The platform file that all YAML blocks of a page make together; what they do not say is a shop's. */
export function platformOf(page: Page): unknown {
  const shop = { name: "shop", domain: "shop.example", environments: { production: {} } };
  return blocks(page, "yaml").map((block) => parse(block)).reduce(mergePatch, shop);
}
