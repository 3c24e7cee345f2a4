import assert from "node:assert/strict";
import { keyDrawingOf } from "../../../lib/review/recoverability/drawing.ts";
import { keyGraphOf } from "../../../lib/review/recoverability/graph.ts";
import { keyGraphSvg } from "../../../lib/review/recoverability/svg.ts";
import { allPlatforms } from "../../platform/all_platforms.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";

const graphs = (await allPlatforms()).map(([name, platform]) =>
  [name, keyGraphOf(platform)] as const
);

for (const [name, graph] of graphs) {
  Deno.test(`${name}: keyDrawingOf() draws each key once, lets no two boxes overlap, and ends arrows at rows`, () => {
    const { boxes, arrows, width, height } = keyDrawingOf(graph);
    assert.equal(boxes.length, graph.nodes.size);
    for (const [index, a] of boxes.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width && a.y + a.height <= height, a.node.id);
      for (const b of boxes.slice(index + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x ||
          a.y + a.height <= b.y || b.y + b.height <= a.y;
        assert.ok(apart, `${a.node.id} and ${b.node.id}`);
      }
    }
    for (const { to, points } of arrows) {
      const target = boxes.find(({ node }) => node === to)!;
      const { x, y } = points[3];
      assert.equal(x, target.x);
      assert.ok(y > target.y && y < target.y + target.height, to.id);
    }
  });
}

Deno.test("keyDrawingOf() has an arrow from each key to what it opens", () => {
  const [, graph] = graphs[0]!;
  const { arrows } = keyDrawingOf(graph);
  const drawn = new Set(arrows.map(({ from, to }) => `${from.id} ${to.id}`));
  for (const node of graph.nodes.values()) {
    for (const { of } of node.ways.flatMap(({ needs }) => needs)) {
      for (const id of of) assert.ok(drawn.has(`${id} ${node.id}`), `${id} ${node.id}`);
    }
  }
});

Deno.test("keyGraphSvg() marks what cannot be opened, and says how many things are wrong", () => {
  const secret = { name: "keys<1>", because: "it is simple" };
  const vaults = { vault: sampleVault({ initialize: { secret } }) };
  const svg = keyGraphSvg(keyGraphOf(samplePlatform({ vaults })), "What opens what: a & b");
  assert.equal([...svg.matchAll(/class="box shut"/g)].length, 2);
  assert.match(svg, /0 of 2 can be opened when the cluster is gone; 2 things are wrong/);
  assert.match(svg, /a &amp; b/);
  assert.match(svg, /vault\/keys&lt;1&gt;/);
  assert.doesNotMatch(svg, /keys<1>|undefined|NaN/);
});

Deno.test("keyGraphSvg() draws the same each time", () => {
  for (const [name, graph] of graphs) {
    assert.equal(keyGraphSvg(graph, name), keyGraphSvg(graph, name));
  }
});
