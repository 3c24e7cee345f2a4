import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { figureOf, median, ratios, rotated } from "./measure.ts";

Deno.test("median() is the value in the middle, or the mean of the two there", () => {
  equal(median([9, 1, 5]), 5);
  equal(median([4, 1, 100, 2]), 3);
  throws(() => median([]), RangeError);
});

Deno.test("median() does not change the order of the runs that it is given", () => {
  const values = [3, 1, 2];
  median(values);
  deepEqual(values, [3, 1, 2]);
});

Deno.test("ratios() pairs each run with the same run of the other tool", () => {
  deepEqual(ratios([300, 900], [100, 100]), [3, 9]);
  throws(() => ratios([300, 900], [100]), RangeError);
});

Deno.test("rotated() gives each tool each place equally often", () => {
  const tools = ["a", "b", "c"];
  fc.assert(fc.property(fc.nat(50), (start) => {
    const places = [0, 1, 2].map((run) => rotated(tools, start + run).indexOf("a"));
    deepEqual(places.toSorted(), [0, 1, 2]);
  }));
});

Deno.test("figureOf() calls a bound met when the median keeps it, whatever the extremes", () => {
  const series = { part: "apply", name: "x", unit: "ms" } as const;
  equal(figureOf({ ...series, values: [1, 6, 900], wanted: { atMost: 6 } }).met, true);
  equal(figureOf({ ...series, values: [1, 7, 900], wanted: { atMost: 6 } }).met, false);
  equal(figureOf({ ...series, values: [0.1, 3, 5], wanted: { atLeast: 3 } }).met, true);
  equal(figureOf({ ...series, values: [0.1, 2.9, 5], wanted: { atLeast: 3 } }).met, false);
});

Deno.test("figureOf() judges nothing where nothing is wanted", () => {
  const figure = figureOf({ part: "render", name: "x", unit: "ms", values: [2, 8] });
  deepEqual([figure.min, figure.median, figure.max, "met" in figure], [2, 5, 8, false]);
});
