/** What one thing took, run by run. */
export interface Series {
  /** Which part of the bench it belongs to. */
  part: Part;
  /** What was measured. */
  name: string;
  /** What the values count. */
  unit: "ms" | "bytes" | "bytes/s" | "times";
  /** One value for each run, in the order of the runs. */
  values: readonly number[];
  /** What the median is wanted to be. */
  wanted?: Wanted;
}

/** A part of the bench that can be run on its own. */
export type Part = "apply" | "start" | "render" | "help" | "seal" | "backup" | "backup-memory";

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [
  "help",
  "seal",
  "render",
  "start",
  "apply",
  "backup",
  "backup-memory",
];

/** A bound that a median is wanted to keep. */
export type Wanted = { atMost: number } | { atLeast: number };

/** A series in short. */
export interface Figure extends Series {
  /** The value in the middle; the mean of the two in the middle where their number is even. */
  median: number;
  /** The smallest value. */
  min: number;
  /** The largest value. */
  max: number;
  /** Whether the median is as wanted; absent where nothing is. */
  met?: boolean;
}

/** A series with its median, extremes, and whether the median is as wanted. */
export function figureOf(series: Series): Figure {
  const { values, wanted } = series;
  const middle = median(values);
  return {
    ...series,
    median: middle,
    min: Math.min(...values),
    max: Math.max(...values),
    ...(wanted === undefined ? {} : { met: isMet(middle, wanted) }),
  };
}

/**
 * How many times as long the peer took, run by run. Runs are paired, since what else the machine
 * does changes from run to run and hits both.
 *
 * @throws {RangeError} when the two have not the same number of runs
 */
export function ratios(peer: readonly number[], own: readonly number[]): number[] {
  if (peer.length !== own.length) {
    throw new RangeError(`Cannot pair ${peer.length} runs with ${own.length}`);
  }
  return peer.map((value, index) => value / own[index]!);
}

/**
 * The value in the middle.
 *
 * @throws {RangeError} when there is no value
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("Cannot take the median of no values");
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Items in an order that moves on by one place from run to run, so that none is always first. */
export function rotated<T>(items: readonly T[], run: number): T[] {
  const shift = run % items.length;
  return [...items.slice(shift), ...items.slice(0, shift)];
}

function isMet(value: number, wanted: Wanted): boolean {
  return "atMost" in wanted ? value <= wanted.atMost : value >= wanted.atLeast;
}
