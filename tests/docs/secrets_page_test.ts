import assert from "node:assert/strict";
import { stringify } from "yaml";
import { loadPlatform } from "../../lib/platform/load.ts";
import { keyFindings } from "../../lib/review/recoverability/findings.ts";
import { keyGraphOf } from "../../lib/review/recoverability/graph.ts";
import { keyGraphSvg } from "../../lib/review/recoverability/svg.ts";
import { keyGraphText } from "../../lib/review/recoverability/text.ts";
import { blocks, platformOf, projectFolder, readPages } from "./pages.ts";

const page = (await readPages()).find(({ path }) => path === "docs/secrets.md")!;

Deno.test("docs/secrets.md shows what opens what in its examples, of which nothing is lost", () => {
  const graph = exampleGraph();
  assert.equal(blocks(page, "").at(-1), `${keyGraphText(graph)}\n`);
  assert.deepEqual(keyFindings(graph), []);
});

Deno.test("docs/images/secrets-graph.svg draws what opens what in the examples of docs/secrets.md", async () => {
  const drawn = await Deno.readTextFile(`${projectFolder}docs/images/secrets-graph.svg`);
  assert.equal(drawn, keyGraphSvg(exampleGraph(), "What opens what: shop, production"));
});

function exampleGraph() {
  return keyGraphOf(loadPlatform(stringify(platformOf(page)), { file: page.path }));
}
