import assert from "node:assert/strict";
import fc from "fast-check";
import { bandsOf } from "../../../lib/review/network/columns.ts";
import { drawingOf } from "../../../lib/review/network/drawing.ts";
import { matrixSvg } from "../../../lib/review/network/svg.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { matrixOf, shop } from "./sample_shop.ts";

function many(count: number, flows: Platform["flows"], changes: Partial<Platform> = {}): Platform {
  return shop({
    workloads: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `app-${index}`,
        sampleWorkload({ serviceAccount: `app-${index}`, services: {} }),
      ]),
    ),
    flows,
    ...changes,
  });
}

Deno.test("bandsOf() puts callers to the left of whom they call", () => {
  assert.deepEqual(
    bandsOf(matrixOf(shop())).map(({ name, columns }) => [name, columns.flat().map((e) => e.name)]),
    [["edge", ["gateway"]], ["shop", ["web", "db"]], ["outside", ["internet"]]],
  );
});

Deno.test("bandsOf() goes by zones where the platform has them", () => {
  const zones = {
    front: { members: ["gateway", "web"], mayCall: ["front", "back", "world"] },
    back: { namespaces: ["shop"], mayCall: [] },
    world: { members: ["internet"], mayCall: [] },
  };
  assert.deepEqual(
    bandsOf(matrixOf(shop({ zones }))).map(({ name, columns }) => [
      name,
      columns.flat().map((end) => end.name).sort(),
    ]),
    [["front", ["gateway", "web"]], ["back", ["db"]], ["world", ["internet"]]],
  );
});

Deno.test("bandsOf() breaks a long band into columns, and leaves out strangers without arrows", () => {
  const bands = bandsOf(matrixOf(many(20, [])));
  assert.deepEqual(bands.map(({ name }) => name), ["shop"]);
  assert.deepEqual(bands[0]!.columns.map(({ length }) => length), [7, 7, 6]);
});

Deno.test("drawingOf() lets no two boxes overlap, and each arrow end at a row of its box", () => {
  const flow = fc.record({
    from: fc.nat(11).map((index) => `app-${index}`),
    to: fc.nat(11).map((index) => `app-${index}`),
    ports: fc.constant<number[]>([8080]),
  });
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 30 }), (flows) => {
      const { boxes, arrows, width, height } = drawingOf(matrixOf(many(12, flows)));
      boxes.forEach((box, index) => {
        assert(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height);
        for (const other of boxes.slice(index + 1)) {
          assert(
            box.x + box.width <= other.x || other.x + other.width <= box.x ||
              box.y + box.height <= other.y || other.y + other.height <= box.y,
            `${box.end.name} overlaps ${other.end.name}`,
          );
        }
      });
      for (const { to, end, ports } of arrows) {
        const box = boxes.find((candidate) => candidate.end === to)!;
        assert(box.rows.some((row) => row.ports === ports));
        assert(end.x === box.x || end.x === box.x + box.width);
        assert(box.y < end.y && end.y < box.y + box.height);
      }
    }),
    { numRuns: 25 },
  );
});

Deno.test("drawingOf() names who connects to very many in their rows, without arrows", () => {
  const scraped = Array.from({ length: 18 }, (_, index) => `app-${index + 1}`);
  const platform = many(19, [{ from: "app-0", to: "scraped", ports: [8080] }], {
    groups: { scraped },
  });
  const { arrows, boxes } = drawingOf(matrixOf(platform));
  assert.deepEqual(arrows, []);
  assert.deepEqual(boxes.find(({ end }) => end.name === "app-7")!.rows, [
    { ports: "8080", callers: ["app-0"] },
  ]);
});

Deno.test("matrixSvg() draws bands, boxes, ports and arrows, and says what each arrow is", () => {
  const svg = matrixSvg(matrixOf(shop()), "Shop");
  const count = (text: string) => svg.split(text).length - 1;
  assert.equal(count(`class="band"`), 3);
  assert.equal(count(`class="arrow`), 3);
  assert(svg.includes("<title>shop/web → shop/db: 5432</title>"));
  assert(svg.includes("3 pairs allowed, 7 denied"));
  assert.match(svg, /class="port"[^>]*>5432</);
  assert.match(svg, /<rect class="box known"/);
});

Deno.test("matrixSvg() is well-formed whatever names and titles hold, and the same each time", () => {
  const title = `a < b & "c" > d`;
  const svg = matrixSvg(matrixOf(shop()), title);
  assert(svg.includes("a &lt; b &amp; &quot;c&quot; &gt; d"));
  assert.equal(svg, matrixSvg(matrixOf(shop()), title));
  const open: string[] = [];
  for (const [, closing, tag, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (closing === "/") assert.equal(open.pop(), tag);
    else if (selfClosing !== "/") open.push(tag!);
  }
  assert.deepEqual(open, []);
});

Deno.test("matrixSvg() dashes what no policy holds, and dots what only a range of addresses allows", () => {
  const platform = shop({
    namespaces: {
      edge: { existing: true },
      shop: { podSecurity: "restricted", defaultDeny: true },
      lab: { podSecurity: "restricted" },
    },
    workloads: { ...shop().workloads, probe: sampleWorkload({ namespace: "lab", services: {} }) },
    peers: { ...shop().peers, anywhere: { cidrs: ["0.0.0.0/0"] } },
    flows: [{ from: "web", to: "anywhere", ports: [8080] }],
  });
  const svg = matrixSvg(matrixOf(platform), "Shop");
  assert.match(svg, /<title>lab\/probe<\/title><rect class="box open"/);
  assert.match(svg, /class="arrow wide"[^>]*><title>shop\/web → lab\/probe: 8080</);
});

Deno.test("matrixSvg() shortens names that would not fit", () => {
  const name = "a-program-with-quite-a-long-name-that-goes-on";
  const workloads = { [name]: sampleWorkload({ services: {} }) };
  const svg = matrixSvg(matrixOf(shop({ workloads, flows: [] })), "Shop");
  assert(svg.includes(">a-program-with-quite-a-long-name-…<"));
  assert(svg.includes(`<title>shop/${name}</title>`));
});
