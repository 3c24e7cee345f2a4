import { measures } from "../svg/measures.ts";
import {
  colours,
  escaped,
  round,
  shortened,
  styleOf,
  svgArrow,
  svgBand,
  svgDocument,
  text,
} from "../svg/svg.ts";
import { boxName, type KeyBox, keyDrawingOf } from "./drawing.ts";
import { keyFindings } from "./findings.ts";
import type { KeyGraph } from "./graph.ts";
import type { KeyNode } from "./key_node.ts";
import { nameOfNode } from "./names.ts";
import { openedWithoutCluster } from "./opened.ts";

const style = styleOf(`  .shut { fill: #fdecea; stroke: #b42318; stroke-width: 1.6; }
  .person { fill: #fffaf0; }`);

/** A graph of keys as an SVG: bands for places, and an arrow from each key to what it opens. */
export function keyGraphSvg(graph: KeyGraph, title: string): string {
  const { width, height, bands, boxes, arrows } = keyDrawingOf(graph);
  const opened = openedWithoutCluster(graph);
  const bandHeight = height - measures.heading - measures.footer;
  const sources = [...new Set(arrows.map(({ from }) => from))];
  const colourOf = (node: KeyNode) => colours[sources.indexOf(node) % colours.length]!;
  return svgDocument({ width, height, title, note: summaryOf(graph, opened), style }, [
    ...bands.map((band) => svgBand(band, bandHeight)),
    ...arrows.map(({ from, to, what, onlyWithCluster, points }) =>
      svgArrow(points, {
        classes: `arrow${onlyWithCluster ? " light wide" : ""}`,
        colour: colourOf(from),
        title: `${nameOfNode(from)} → ${nameOfNode(to)}: ${what}`,
      })
    ),
    ...boxes.map((box) => boxOf(box, opened)),
    text(
      measures.margin,
      height - measures.footer + 24,
      "note",
      "An arrow leads from a key to what it opens. Rows are ways to get at a thing when the cluster is gone, each with all that has an arrow to it.",
    ),
    text(
      measures.margin,
      height - measures.footer + 42,
      "note",
      "Dotted ones serve as long as the cluster is there. Red boxes cannot be opened without it.",
    ),
  ]);
}

function summaryOf(graph: KeyGraph, opened: ReadonlySet<string>): string {
  const findings = keyFindings(graph).length;
  return `${opened.size} of ${graph.nodes.size} can be opened when the cluster is gone; ` +
    (findings === 0
      ? "nothing is wrong"
      : `${findings} ${findings === 1 ? "thing is" : "things are"} wrong`);
}

function boxOf({ node, x, y, width, height, rows }: KeyBox, opened: ReadonlySet<string>): string {
  const classes = [
    "box",
    ...(opened.has(node.id) ? [] : ["shut"]),
    ...(node.kind === "holder" ? ["person"] : []),
  ].join(" ");
  const left = x + measures.boxPadding;
  return [
    `<g><title>${escaped(`${nameOfNode(node)}: ${node.keptAt}`)}</title>`,
    `<rect class="${classes}" x="${round(x)}" y="${round(y)}" width="${round(width)}"` +
    ` height="${round(height)}" rx="${node.kind === "holder" ? 14 : 4}"/>`,
    text(left, y + 16, "name", shortened(boxName(node))),
    text(left, y + 30, "place", shortened(node.keptAt)),
    ...rows.map((row, index) =>
      text(left, y + measures.boxHeading + index * measures.row + 13, "port", shortened(row))
    ),
    "</g>",
  ].join("");
}
