import { deepEqual } from "node:assert/strict";
import { figureOf } from "./measure.ts";
import { figureTable } from "./report.ts";

Deno.test("figureTable() shows each value in its unit, and whether the median is as wanted", () => {
  const { rows } = figureTable([
    figureOf({ part: "help", name: "help", unit: "ms", values: [3.21], wanted: { atMost: 150 } }),
    figureOf({
      part: "start",
      name: "memory",
      unit: "bytes",
      values: [800 * 2 ** 20],
      wanted: { atMost: 700 * 2 ** 20 },
    }),
    figureOf({ part: "apply", name: "ratio", unit: "times", values: [2, 4, 3.04] }),
  ]);
  deepEqual(rows, [
    ["help", "3.2 ms", "3.2 ms", "3.2 ms", "1", "at most 150 ms: met"],
    ["memory", "800 MiB", "800 MiB", "800 MiB", "1", "at most 700 MiB: not met"],
    ["ratio", "3.0 times", "2.0 times", "4.0 times", "3", ""],
  ]);
});
