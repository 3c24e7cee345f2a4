import { bandsOf, hubsOf } from "./columns.ts";
import type { AllowedPair, FlowMatrix, MatrixEnd } from "./matrix.ts";
import { measures, type Point } from "../svg/measures.ts";
import { portsText } from "./port_set.ts";

/** A drawing of a matrix: where everything is, in pixels. */
export interface Drawing {
  /** Width of the whole. */
  width: number;
  /** Height of the whole. */
  height: number;
  /** Bands from left to right. */
  bands: DrawnBand[];
  /** Boxes of ends. */
  boxes: Box[];
  /** Arrows between boxes. */
  arrows: Arrow[];
}

/** A band, over its whole height. */
export interface DrawnBand {
  /** What it is called. */
  name: string;
  /** Left edge. */
  x: number;
  /** Width. */
  width: number;
}

/** The box of an end, with a row for each set of ports on which it answers. */
export interface Box {
  /** The end. */
  end: MatrixEnd;
  /** Left edge. */
  x: number;
  /** Upper edge. */
  y: number;
  /** Width. */
  width: number;
  /** Height. */
  height: number;
  /** Its rows. */
  rows: Row[];
}

/** Ports on which an end answers. */
export interface Row {
  /** The ports. */
  ports: string;
  /** Names of those who connect to them and have no arrows, since they connect to so many. */
  callers: string[];
}

/** An arrow from a box to a row of another one. */
export interface Arrow {
  /** Who connects. */
  from: MatrixEnd;
  /** Who answers. */
  to: MatrixEnd;
  /** Ports, as the row has them. */
  ports: string;
  /** Whether a wide range of addresses allows it, and nothing else. */
  isByAddress: boolean;
  /** Where it begins. */
  start: Point;
  /** Where it ends. */
  end: Point;
  /** Points that pull the curve, one for each end. */
  bends: [Point, Point];
}

/** Lays a matrix out. Columns are as wide as their longest text, and stand in the middle of the height. */
export function drawingOf(matrix: FlowMatrix): Drawing {
  const { margin, heading, bandHeading, gutter, bandPadding, boxGap, footer, character } = measures;
  const bands = bandsOf(matrix);
  const hubs = hubsOf(matrix.allowed);
  const rows = rowsOf(matrix.allowed, hubs);
  const columns = bands.flatMap(({ columns }) => columns);
  const heightOf = (column: readonly MatrixEnd[]) =>
    column.reduce((sum, end) => sum + boxHeight(rows.get(end)) + boxGap, -boxGap);
  const tallest = Math.max(0, ...columns.map(heightOf));

  const boxes = new Map<MatrixEnd, Box & { column: number }>();
  const drawn: DrawnBand[] = [];
  let x: number = margin;
  let column = 0;
  for (const band of bands) {
    const left = x;
    x += bandPadding;
    for (const ends of band.columns) {
      const width = Math.max(...ends.map((end) => boxWidth(end, rows.get(end))));
      let y = heading + bandHeading + bandPadding + (tallest - heightOf(ends)) / 2;
      for (const end of ends) {
        const height = boxHeight(rows.get(end));
        boxes.set(end, { end, x, y, width, height, rows: rows.get(end) ?? [], column });
        y += height + boxGap;
      }
      x += width + gutter;
      column++;
    }
    // Arrows within a band bend to the right of it.
    const named = left + 2 * bandPadding + band.name.length * character * 1.15;
    const right = Math.max(x - gutter + bandPadding, named);
    drawn.push({ name: band.name, x: left, width: right - left });
    x = right + gutter;
  }
  return {
    width: Math.max(480, x - gutter + margin),
    height: heading + bandHeading + 2 * bandPadding + tallest + footer,
    bands: drawn,
    boxes: [...boxes.values()].map(({ column: _place, ...box }) => box),
    arrows: matrix.allowed
      .filter(({ from, to }) => from !== to && !hubs.has(from))
      .map((pair) => arrow(pair, boxes.get(pair.from)!, boxes.get(pair.to)!)),
  };
}

/** Rows of each end, in the order of the ports. */
function rowsOf(
  allowed: readonly AllowedPair[],
  hubs: ReadonlySet<MatrixEnd>,
): Map<MatrixEnd, Row[]> {
  const sorted = allowed.toSorted((a, b) => a.ports[0]!.first - b.ports[0]!.first);
  return new Map(
    [...Map.groupBy(sorted, ({ to }) => to)].map(([to, pairs]) => [
      to,
      [...Map.groupBy(pairs, portsOf)].map(([ports, same]) => ({
        ports,
        callers: same.filter(({ from }) => from !== to && hubs.has(from))
          .map(({ from }) => from.name),
      })),
    ]),
  );
}

/** A row as it is written: `9100 ← prometheus`. */
export function rowText({ ports, callers }: Row): string {
  return callers.length === 0 ? ports : `${ports} ← ${callers.join(", ")}`;
}

function portsOf({ from, to, ports, isPartial }: AllowedPair): string {
  return `${from === to ? "among themselves: " : ""}${portsText(ports)}${
    isPartial ? " (in part)" : ""
  }`;
}

/** Where an end is, as its box says it. */
export function placeOf({ namespace }: MatrixEnd): string {
  return namespace ?? "outside of the cluster";
}

function boxHeight(rows: readonly Row[] = []): number {
  return measures.boxHeading + rows.length * measures.row + (rows.length > 0 ? 4 : 0);
}

function boxWidth(end: MatrixEnd, rows: readonly Row[] = []): number {
  const longest = Math.max(
    ...[end.name, placeOf(end), ...rows.map(rowText)].map((text) =>
      Math.min(text.length, measures.longestName)
    ),
  );
  return Math.max(96, Math.ceil(longest * measures.character) + 4 * measures.boxPadding);
}

function arrow(
  pair: AllowedPair,
  source: Box & { column: number },
  target: Box & { column: number },
): Arrow {
  const ports = portsOf(pair);
  const y = target.y + measures.boxHeading +
    (target.rows.findIndex((row) => row.ports === ports) + 0.5) * measures.row;
  const middle = source.y + measures.boxHeading / 2;
  const goesRight = source.column < target.column;
  const staysHere = source.column === target.column;
  const start = { x: source.x + (goesRight || staysHere ? source.width : 0), y: middle };
  const end = { x: target.x + (goesRight ? 0 : target.width), y };
  const pull = staysHere
    ? 40 + Math.abs(end.y - start.y) / 12
    : Math.max(48, Math.abs(end.x - start.x) / 2);
  const away = goesRight || staysHere ? pull : -pull;
  return {
    from: pair.from,
    to: pair.to,
    ports,
    isByAddress: pair.isByAddress,
    start,
    end,
    bends: [
      { x: start.x + away, y: start.y },
      { x: end.x + (goesRight ? -pull : pull), y: end.y },
    ],
  };
}
