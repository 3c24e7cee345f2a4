import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseCsv } from "../../lib/postgres/csv.ts";

const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "ü", " "), maxLength: 5 });

Deno.test("parseCsv() reads back all fields, whatever signs are in them", () => {
  const records = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(fc.array(field, { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 5,
    })
  );
  fc.assert(fc.property(records, (records) => {
    deepEqual(parseCsv(records.map(lineOf).join("")), records);
  }));
});

Deno.test("parseCsv() takes long fields without quotes, and a last line without its end", () => {
  const long = "x".repeat(1000);
  deepEqual(parseCsv(`a,${long}\n${long},b`), [["a", long], [long, "b"]]);
  deepEqual(parseCsv(""), []);
});

/** As psql prints a record. */
function lineOf(record: readonly string[]): string {
  const fields = record.map((text) =>
    /[,"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  );
  return `${fields.join(",")}\n`;
}
