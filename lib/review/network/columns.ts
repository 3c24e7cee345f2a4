import type { AllowedPair, FlowMatrix, MatrixEnd } from "./matrix.ts";

/** Ends that stand side by side in a drawing: those of a zone, of a namespace, or outside of the cluster. */
export interface Band {
  /** What it is called. */
  name: string;
  /** Its columns from left to right, each with its ends from top to bottom. */
  columns: MatrixEnd[][];
}

/** From so many others on, an end that connects to them is named beside their ports: its arrows would hide all else. */
const manyOthers = 16;

/** Ends that connect to so many others that no arrows are drawn for them, as one that reads everybody's metrics. */
export function hubsOf(allowed: readonly AllowedPair[]): Set<MatrixEnd> {
  const byCaller = Map.groupBy(allowed.filter(({ from, to }) => from !== to), ({ from }) => from);
  return new Set([...byCaller].flatMap(([end, own]) => own.length >= manyOthers ? [end] : []));
}

/** More ends than this stand in a column of their own. */
const columnLength = 9;

/**
 * Where the ends of a matrix stand: who connects to many to the left, who answers to many to the right, and
 * neighbours at like heights, so that arrows are short and go rightwards where they can.
 */
export function bandsOf({ ends, allowed }: FlowMatrix): Band[] {
  const taking = new Set(allowed.flatMap(({ from, to }) => from === to ? [] : [from, to]));
  const hubs = hubsOf(allowed);
  const calls = allowed
    .filter(({ from, to }) => from !== to && !hubs.has(from))
    .map(({ from, to }) => ({ from, to }));
  // What the platform makes is shown even when it stands alone; of others there would be no end.
  const shown = ends.filter((end) => end.rendered || taking.has(end));
  const byBand = Map.groupBy(shown, bandName);
  // What a wide range of addresses happens to allow says little of where somebody belongs.
  const meant = allowed.filter(({ from, isByAddress }) => !isByAddress && !hubs.has(from));
  const order = leftToRight(
    [...byBand.keys()],
    meant.map(({ from, to }) => ({ from: bandName(from), to: bandName(to) })),
  );
  const bands = order.map((name): Band => {
    const members = leftToRight(byBand.get(name)!, calls);
    const count = Math.ceil(members.length / columnLength);
    const length = Math.ceil(members.length / count);
    const columns = Array.from(
      { length: count },
      (_, index) => members.slice(index * length, (index + 1) * length),
    );
    return { name, columns };
  });
  return levelled(bands, calls);
}

function bandName({ zone, namespace }: MatrixEnd): string {
  return zone ?? namespace ?? "outside";
}

interface Call<T> {
  from: T;
  to: T;
}

/**
 * Callers before whom they call, as far as that can be: who calls nobody of the rest goes last, who is called by nobody
 * goes first, and then whoever calls more of the rest than the rest calls it; the earlier one where two are alike.
 * Source: P. Eades, X. Lin, W. F. Smyth, "A fast and effective heuristic for the feedback arc set problem" (1993).
 */
function leftToRight<T>(all: readonly T[], calls: readonly Call<T>[]): T[] {
  const rest = new Set(all);
  const first: T[] = [];
  const last: T[] = [];
  while (rest.size > 0) {
    const within = calls.filter(({ from, to }) => from !== to && rest.has(from) && rest.has(to));
    const calling = Map.groupBy(within, ({ from }) => from);
    const called = Map.groupBy(within, ({ to }) => to);
    const lead = (one: T) => (calling.get(one)?.length ?? 0) - (called.get(one)?.length ?? 0);
    const members = [...rest];
    const sink = members.findLast((one) => !calling.has(one) && called.has(one));
    const next = sink ?? members.find((one) => !called.has(one)) ??
      members.reduce((best, one) => lead(one) > lead(best) ? one : best);
    if (next === sink) last.unshift(next);
    else first.push(next);
    rest.delete(next);
  }
  return [...first, ...last];
}

/** Orders each column by the mean height of whom its ends speak with; a few sweeps settle it. */
function levelled(bands: readonly Band[], calls: readonly Call<MatrixEnd>[]): Band[] {
  const heights = new Map<MatrixEnd, number>();
  const setHeights = (column: readonly MatrixEnd[]) =>
    column.forEach((end, index) => heights.set(end, (index + 0.5) / column.length));
  for (const { columns } of bands) columns.forEach(setHeights);
  const mean = (end: MatrixEnd): number => {
    const others = calls.flatMap(({ from, to }) => from === end ? [to] : to === end ? [from] : []);
    if (others.length === 0) return heights.get(end)!;
    return others.reduce((sum, other) => sum + heights.get(other)!, 0) / others.length;
  };
  let result = bands.map(({ name, columns }) => ({ name, columns }));
  for (let sweep = 0; sweep < 4; sweep++) {
    result = result.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => {
        const means = new Map(column.map((end) => [end, mean(end)]));
        const sorted = column.toSorted((a, b) => means.get(a)! - means.get(b)!);
        setHeights(sorted);
        return sorted;
      }),
    }));
  }
  return result;
}
