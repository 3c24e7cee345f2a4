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
import { type Arrow, type Box, drawingOf, placeOf, rowText } from "./drawing.ts";
import { endName } from "./ends.ts";
import type { FlowMatrix, MatrixEnd } from "./matrix.ts";

/** From so many arrows on, those of an end are drawn lightly. */
const many = 8;

const style = styleOf(`  .known { fill: #fffaf0; }
  .open { stroke-dasharray: 4 3; }`);

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
  return svgDocument({ width, height, title, note: summaryOf(matrix), style }, [
    ...drawing.bands.map((band) => svgBand(band, bandHeight)),
    ...drawing.arrows.map((arrow) =>
      arrowOf(arrow, colourOf(arrow.from), counts.get(arrow.from)!.length >= many)
    ),
    ...drawing.boxes.map(boxOf),
    ...legend(height - measures.footer + 24),
  ]);
}

function summaryOf({ allowed, denied, open }: FlowMatrix): string {
  const count = allowed.filter(({ from, to }) => from !== to).length;
  return `${count} pairs allowed, ${denied} denied` +
    (open === 0 ? "" : `, ${open} open because no policy holds either end`);
}

function arrowOf(arrow: Arrow, colour: typeof colours[number], isOfMany: boolean): string {
  const { from, to, ports, start, end, bends, isByAddress } = arrow;
  return svgArrow([start, ...bends, end], {
    classes: `arrow${isOfMany ? " light" : ""}${isByAddress ? " wide" : ""}`,
    colour,
    title: `${endName(from)} → ${endName(to)}: ${ports}`,
  });
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
