import assert from "node:assert/strict";
import { platformNames, readPlatformFile } from "../../lib/flows/render/render.ts";
import { loadEnvironments } from "../../lib/platform/load.ts";
import { render } from "../../manifests/components/render.ts";
import { projectFolder, readPages } from "./pages.ts";

const text = (await readPages()).find(({ path }) => path === "README.md")!.text;

for (const name of await platformNames()) {
  Deno.test(`README.md has ${name} with its environments, and about as many objects as it renders`, async () => {
    const row = rows(text).find(([platform = ""]) => platform.includes(name)) ?? [];
    const file = await readPlatformFile(name, { cwd: projectFolder });
    const platforms = loadEnvironments(file.text, file);
    assert.equal(row[1], [...platforms.keys()].join(", "));
    const counts = [...platforms.values()].map((platform) => render(platform).length);
    const most = Math.max(...counts);
    const told = Number(row[2]);
    assert.ok(
      Math.abs(told - most) <= most / 5,
      `README.md says ${told}, the render has ${counts}`,
    );
  });
}

Deno.test("README.md has each task, with an example that names it", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${projectFolder}deno.json`));
  const examples = new Map(
    rows(text).map(([task = "", _what, example = ""]) => [task.replaceAll("`", ""), example]),
  );
  for (const task of Object.keys(tasks)) {
    assert.match(examples.get(task) ?? "", new RegExp(`deno task (-q )?${task}\\b`), task);
  }
});

/** Cells of all rows of all tables. */
function rows(markdown: string): string[][] {
  return markdown.split("\n").filter((line) => line.startsWith("| ")).map((line) =>
    line.slice(1, -1).split("|").map((cell) => cell.trim())
  );
}
