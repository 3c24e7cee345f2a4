import assert from "node:assert/strict";
import fc from "fast-check";
import { createPaint } from "../../lib/ui/paint.ts";
import { tableLines } from "../../lib/ui/table.ts";
import { columnsOf } from "../../lib/ui/text.ts";

const plain = createPaint(false);

Deno.test("a table is aligned in terminal columns, wide characters included", () => {
  assert.deepEqual(
    tableLines(
      { columns: ["name", "state"], rows: [["名前", "ready"], ["web", "waiting"]] },
      80,
      plain,
    ),
    ["name  state", "名前  ready", "web   waiting"],
  );
});

Deno.test("a table that is too wide cuts its widest column", () => {
  assert.deepEqual(
    tableLines({ columns: ["a", "because"], rows: [["1", "a very long explanation"]] }, 15, plain),
    ["a  because", "1  a very long…"],
  );
});

Deno.test("a table shows rows that have too few cells, and cells of several lines as one", () => {
  assert.deepEqual(
    tableLines({ columns: ["a", "b"], rows: [["x"], ["two\nlines", "y"]] }, 80, plain),
    ["a          b", "x", "two lines  y"],
  );
});

Deno.test("a table of nothing is its headings", () => {
  assert.deepEqual(tableLines({ columns: ["a", "b"], rows: [] }, 80, plain), ["a  b"]);
});

Deno.test("no row of a table is wider than the terminal, where columns can be cut", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { maxLength: 5 }),
      fc.integer({ min: 20, max: 90 }),
      (
        rows,
        width,
      ) => {
        for (const line of tableLines({ columns: ["one", "two"], rows }, width, plain)) {
          assert.ok(columnsOf(line) <= width, line);
        }
      },
    ),
  );
});
