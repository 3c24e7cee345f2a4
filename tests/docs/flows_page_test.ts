import assert from "node:assert/strict";
import { stringify } from "yaml";
import { loadPlatform } from "../../lib/platform/load.ts";
import { flowMatrix } from "../../lib/review/network/matrix.ts";
import { matrixText } from "../../lib/review/network/matrix_text.ts";
import { matrixSvg } from "../../lib/review/network/svg.ts";
import { render } from "../../manifests/components/render.ts";
import { blocks, platformOf, projectFolder, readPages } from "./pages.ts";

const page = (await readPages()).find(({ path }) => path === "docs/flows.md")!;

Deno.test("docs/flows.md shows what its example allows", () => {
  assert.deepEqual(blocks(page, "")[0], `${matrixText(exampleMatrix())}\n`);
});

Deno.test("docs/images/flows.svg draws what the example of docs/flows.md allows", async () => {
  const drawn = await Deno.readTextFile(`${projectFolder}docs/images/flows.svg`);
  assert.equal(drawn, matrixSvg(exampleMatrix(), "Who may connect to whom: shop, production"));
});

function exampleMatrix() {
  const platform = loadPlatform(stringify(platformOf(page)), { file: page.path });
  return flowMatrix(render(platform), platform);
}
