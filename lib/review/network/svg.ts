import {
  type Arrow,
  type Box,
  drawingOf,
  type DrawnBand,
  measures,
  placeOf,
  rowText,
} from "./drawing.ts";
import { endName } from "./ends.ts";
import type { FlowMatrix, MatrixEnd } from "./matrix.ts";

/** Colours of arrows, by who connects: apart from each other for most eyes. Source: M. Okabe, K. Ito, "Color Universal Design" (2008). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#6b4fbb"];

/** From so many arrows on, those of an end are drawn lightly. */
const many = 8;

const style = `
  text { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2933; }
  .title { font-size: 18px; font-weight: 600; }
  .note, .place { font-size: 11px; fill: #616e7c; }
  .band { fill: #f5f7fa; stroke: #cbd2d9; }
  .band-name { font-size: 13px; font-weight: 600; fill: #3e4c59; }
  .box { fill: #ffffff; stroke: #52606d; }
  .known { fill: #fffaf0; }
  .open { stroke-dasharray: 4 3; }
  .name { font-size: 12.5px; font-weight: 600; }
  .port { font-size: 11.5px; fill: #3e4c59; font-variant-numeric: tabular-nums; }
  .arrow { fill: none; stroke-width: 1.6; stroke-opacity: 0.8; }
  .light { stroke-width: 1.2; stroke-opacity: 0.45; }
  .wide { stroke-dasharray: 2 4; }
  .arrow:hover { stroke-width: 3.2; stroke-opacity: 1; }
`;

/**
 * A matrix as an SVG: zones, or else namespaces, as bands; a box for each end with the ports on which it answers;
 * and an arrow to them from whoever may connect. Each arrow says in its title what it is.
 */
export function matrixSvg(matrix: FlowMatrix, title: string): string {
  const drawing = drawingOf(matrix);
  const { width, height } = drawing;
  const bandHeight = height - measures.heading - measures.footer;
  const sources = [...new Set(drawing.arrows.map(({ from }) => from))];
  const colourOf = (end: MatrixEnd) => colours[sources.indexOf(end) % colours.length]!;
  const counts = Map.groupBy(drawing.arrows, ({ from }) => from);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}"` +
    ` viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style}</style>`,
    `<defs>${colours.map(marker).join("")}</defs>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(measures.margin, 36, "title", title),
    text(measures.margin, 58, "note", summaryOf(matrix)),
    ...drawing.bands.map((band) => bandOf(band, bandHeight)),
    ...drawing.arrows.map((arrow) =>
      arrowOf(arrow, colourOf(arrow.from), counts.get(arrow.from)!.length >= many)
    ),
    ...drawing.boxes.map(boxOf),
    ...legend(height - measures.footer + 24),
    "</svg>\n",
  ].join("\n");
}

function summaryOf({ allowed, denied, open }: FlowMatrix): string {
  const count = allowed.filter(({ from, to }) => from !== to).length;
  return `${count} pairs allowed, ${denied} denied` +
    (open === 0 ? "" : `, ${open} open because no policy holds either end`);
}

function marker(colour: string, index: number): string {
  return `<marker id="head-${index}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8"` +
    ` markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
    `<path d="M0 0.8L8 4L0 7.2z" fill="${colour}"/></marker>`;
}

function bandOf({ name, x, width }: DrawnBand, height: number): string {
  return `<rect class="band" x="${round(x)}" y="${measures.heading}" width="${round(width)}"` +
    ` height="${round(height)}" rx="8"/>` +
    text(x + measures.bandPadding, measures.heading + 22, "band-name", name);
}

function arrowOf(arrow: Arrow, colour: string, isOfMany: boolean): string {
  const { from, to, ports, start, end, bends, isByAddress } = arrow;
  const points = [start, ...bends, end].map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `<path class="arrow${isOfMany ? " light" : ""}${
    isByAddress ? " wide" : ""
  }" stroke="${colour}"` +
    ` marker-end="url(#head-${colours.indexOf(colour)})"` +
    ` d="M${points[0]}C${points.slice(1).join(" ")}">` +
    `<title>${escaped(`${endName(from)} → ${endName(to)}: ${ports}`)}</title></path>`;
}

function boxOf({ end, x, y, width, height, rows }: Box): string {
  const classes = [
    "box",
    ...(end.rendered ? [] : ["known"]),
    ...(end.rendered && !(end.heldIn && end.heldOut) ? ["open"] : []),
  ].join(" ");
  const left = x + measures.boxPadding;
  return [
    `<g><title>${escaped(endName(end))}</title>`,
    `<rect class="${classes}" x="${round(x)}" y="${round(y)}" width="${round(width)}"` +
    ` height="${round(height)}" rx="${end.namespace === undefined ? 14 : 4}"/>`,
    text(left, y + 16, "name", shortened(end.name)),
    text(left, y + 30, "place", shortened(placeOf(end))),
    ...rows.map((row, index) =>
      text(
        left,
        y + measures.boxHeading + index * measures.row + 13,
        "port",
        shortened(rowText(row)),
      )
    ),
    "</g>",
  ].join("");
}

function legend(y: number): string[] {
  return [
    text(
      measures.margin,
      y,
      "note",
      "An arrow leads from who connects to the ports on which it is answered; who connects to very many is named beside these. Dotted ones are allowed by a range of addresses only.",
    ),
    text(
      measures.margin,
      y + 18,
      "note",
      "Shaded boxes are not made by this platform, round ones are addresses. Dashed boxes are held by no policy in one direction at least.",
    ),
  ];
}

function text(x: number, y: number, className: string, content: string): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}">${escaped(content)}</text>`;
}

function shortened(content: string): string {
  const { longestName } = measures;
  return content.length > longestName ? `${content.slice(0, longestName - 1)}…` : content;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
