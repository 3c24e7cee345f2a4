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

Deno.test("a table that is too wide folds its last column at spaces", () => {
  assert.deepEqual(
    tableLines(
      { columns: ["name", "because"], rows: [["web", "waits for a volume of its own"]] },
      24,
      plain,
    ),
    ["name  because", "web   waits for a volume", "      of its own"],
  );
});

Deno.test("a table never cuts what somebody may want to copy", () => {
  const word = "deno-task-status-with-a-very-long-name";
  for (const row of [[word, "see"], ["see", word]]) {
    const text = tableLines({ columns: ["a", "b"], rows: [row] }, 20, plain).join("\n");
    assert.ok(text.includes(word), text);
  }
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

Deno.test("no line of a table is wider than the terminal, where folding can help", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 10 });
  const words = fc.array(name, { maxLength: 12 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, words), { maxLength: 5 }),
      fc.integer({ min: 50, max: 90 }),
      (rows, width) => {
        for (const line of tableLines({ columns: ["one", "two"], rows }, width, plain)) {
          assert.ok(columnsOf(line) <= width, line);
        }
      },
    ),
  );
});
