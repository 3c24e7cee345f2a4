import { measures, type Point } from "../svg/measures.ts";
import type { KeyGraph } from "./graph.ts";
import type { KeyNode, Place } from "./key_node.ts";
import { nameOfNode } from "./names.ts";
import { wayNeeds } from "./chains.ts";
import { placeNames } from "./text.ts";

/** A drawing of a graph of keys: where everything is, in pixels. */
export interface KeyDrawing {
  /** Width of the whole. */
  width: number;
  /** Height of the whole. */
  height: number;
  /** Places, from left to right. */
  bands: KeyBand[];
  /** Boxes of keys, and of what they open. */
  boxes: KeyBox[];
  /** Arrows from keys to what they open. */
  arrows: KeyArrow[];
}

/** Where things are kept, over the whole height. */
export interface KeyBand {
  /** What it is called. */
  name: string;
  /** Left edge. */
  x: number;
  /** Width. */
  width: number;
}

/** The box of a thing, with a row for each way to get at it. */
export interface KeyBox {
  /** The thing. */
  node: KeyNode;
  /** Left edge. */
  x: number;
  /** Upper edge. */
  y: number;
  /** Width. */
  width: number;
  /** Height. */
  height: number;
  /** Its ways, as the rows have them. */
  rows: string[];
}

/** An arrow from a key to a way of what it opens. */
export interface KeyArrow {
  /** The key. */
  from: KeyNode;
  /** What it opens. */
  to: KeyNode;
  /** The way. */
  what: string;
  /** Whether the key is there only as long as the cluster is, and what it opens is elsewhere. */
  onlyWithCluster: boolean;
  /** Where it begins, the points that pull it, and where it ends. */
  points: [Point, Point, Point, Point];
}

/** Lays a graph out: a band for each place, and within it keys to the left of what they open. */
export function keyDrawingOf(graph: KeyGraph): KeyDrawing {
  const { margin, heading, bandHeading, gutter, bandPadding, boxGap, footer, character } = measures;
  const places = Object.keys(placeNames) as Place[];
  const columns = places.map((place) => columnsOf(place, graph));
  const tallest = Math.max(0, ...columns.flat().map(heightOf));
  const boxes = new Map<string, KeyBox & { column: number }>();
  const bands: KeyBand[] = [];
  let x: number = margin;
  let column = 0;
  places.forEach((place, index) => {
    const inBand = columns[index]!;
    if (inBand.length === 0) return;
    const left = x;
    x += bandPadding;
    for (const nodes of inBand) {
      const width = Math.max(...nodes.map(widthOf));
      let y = heading + bandHeading + bandPadding + (tallest - heightOf(nodes)) / 2;
      for (const node of nodes) {
        const rows = rowsOf(node);
        const height = boxHeight(rows);
        boxes.set(node.id, { node, x, y, width, height, rows, column });
        y += height + boxGap;
      }
      x += width + gutter;
      column++;
    }
    const name = placeNames[place];
    const named = left + 2 * bandPadding + name.length * character * 1.15;
    const right = Math.max(x - gutter + bandPadding, named);
    bands.push({ name, x: left, width: right - left });
    x = right + gutter;
  });
  return {
    width: Math.max(480, x - gutter + margin),
    height: heading + bandHeading + 2 * bandPadding + tallest + footer,
    bands,
    boxes: [...boxes.values()].map(({ column: _place, ...box }) => box),
    arrows: [...boxes.values()].flatMap((target) =>
      target.node.ways.flatMap(({ what, needs }) =>
        [...new Set(needs.flatMap(({ of }) => of))].flatMap((id) => {
          const source = boxes.get(id);
          return source === undefined ? [] : [arrow(source, target, what)];
        })
      )
    ),
  };
}

/** Things of a place, in columns: what opens others of the same place is to the left of them. */
function columnsOf(place: Place, { nodes }: KeyGraph): KeyNode[][] {
  const here = [...nodes.values()].filter((node) => node.place === place);
  const depthOf = (node: KeyNode, above: readonly string[] = []): number =>
    Math.max(
      0,
      ...wayNeeds(node).flatMap((id) => {
        const needed = nodes.get(id);
        return needed?.place === place && !above.includes(id) && id !== node.id
          ? [1 + depthOf(needed, [...above, node.id])]
          : [];
      }),
    );
  const byDepth = Map.groupBy(here, (node) => depthOf(node));
  return [...byDepth].toSorted(([a], [b]) => a - b).map(([, column]) => column);
}

/** Those who are only asked need no row for that. */
function rowsOf({ ways, lost, place }: KeyNode): string[] {
  if (lost === true) return ["lost with the cluster"];
  if (ways.length === 0) return [place === "cluster" ? "lost with the cluster" : "lost"];
  return [...new Set(ways.filter(({ needs }) => needs.length > 0).map(({ what }) => what))];
}

function heightOf(nodes: readonly KeyNode[]): number {
  return nodes.reduce(
    (sum, node) => sum + boxHeight(rowsOf(node)) + measures.boxGap,
    -measures.boxGap,
  );
}

function boxHeight(rows: readonly string[]): number {
  return measures.boxHeading + rows.length * measures.row + (rows.length > 0 ? 4 : 0);
}

function widthOf(node: KeyNode): number {
  const widthIn = (text: string, character: number) =>
    Math.min(text.length, measures.longestName) * character;
  const longest = Math.max(
    // Names are bold.
    widthIn(boxName(node), measures.character * 1.12),
    ...[node.keptAt, ...rowsOf(node)].map((text) => widthIn(text, measures.character)),
  );
  return Math.max(96, Math.ceil(longest) + 2 * measures.boxPadding);
}

/** What a box is called. */
export function boxName(node: KeyNode): string {
  return nameOfNode(node).replace(/^the /, "");
}

function arrow(
  source: KeyBox & { column: number },
  target: KeyBox & { column: number },
  what: string,
): KeyArrow {
  const row = target.rows.indexOf(what);
  const end = {
    x: target.x,
    y: row < 0
      ? target.y + measures.boxHeading / 2
      : target.y + measures.boxHeading + (row + 0.5) * measures.row,
  };
  const goesRight = source.column < target.column;
  const start = {
    x: source.x + (goesRight ? source.width : 0),
    y: source.y + measures.boxHeading / 2,
  };
  const pull = Math.max(48, Math.abs(end.x - start.x) / 2);
  return {
    from: source.node,
    to: target.node,
    what,
    onlyWithCluster: source.node.place === "cluster" && target.node.place !== "cluster",
    points: [
      start,
      { x: start.x + (goesRight ? pull : -pull), y: start.y },
      { x: end.x - pull, y: end.y },
      end,
    ],
  };
}
