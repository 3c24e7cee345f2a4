import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { projectFolder } from "../../../../tasks/shared/project.ts";
import { shareIsolates } from "../../../../tasks/shared/test/isolates.ts";
import { withFolder } from "../../../folder.ts";

Deno.test("few test files are run as they are", async () => {
  await withFolder(async (folder) => {
    const files = ["tests/ui/live_test.ts", "tests/kube/plan_test.ts"];
    assert.deepEqual(await shareIsolates(files, folder), files);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("many test files are imported once each, in their order, by modules that Deno takes for tests", async () => {
  await withFolder(async (folder) => {
    const files = Array.from({ length: 130 }, (_, index) => `tests/a b/${index}_test.ts`);
    const modules = await shareIsolates(files, folder);
    assert.ok(modules.length > 2, `${modules.length} modules`);
    const imported: string[] = [];
    for (const path of modules) {
      assert.match(path, /_test\.ts$/);
      for (const [, url] of Deno.readTextFileSync(path).matchAll(/^import "(.*)";$/gm)) {
        imported.push(url!);
      }
    }
    assert.deepEqual(imported, files.map((file) => pathToFileURL(`${projectFolder}${file}`).href));
  });
});
