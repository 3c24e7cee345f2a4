import { deepEqual, equal } from "node:assert/strict";
import { compareCounts, describeDifference, totalRows } from "../../lib/postgres/compare.ts";

Deno.test("compareCounts() finds tables that lack, that are too many, and that have other rows", () => {
  const wanted = { "public.a": 1, "public.b": 2, "public.gone": 3, constructor: 4 };
  const found = {
    "public.a": 1,
    "public.b": 1,
    "public.new": 5,
    "public.empty": 0,
    constructor: 4,
  };
  const differences = compareCounts(wanted, found);
  deepEqual(differences.map(describeDifference), [
    "public.b has 1 row, wanted 2",
    "public.gone is not there, wanted 3 rows",
    "public.new is there with 5 rows, and was not backed up",
  ]);
  deepEqual(compareCounts(wanted, wanted), []);
  equal(totalRows(wanted), 10);
});
