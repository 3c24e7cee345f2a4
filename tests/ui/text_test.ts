import assert from "node:assert/strict";
import fc from "fast-check";
import { columnsOf, cutTo, oneLine, padTo, printable } from "../../lib/ui/text.ts";

Deno.test("columnsOf() counts what a terminal shows, not what a string holds", () => {
  const widths: [text: string, columns: number][] = [
    ["", 0],
    ["web", 3],
    ["名前", 4],
    ["한국", 4],
    ["ﾊﾝ", 2],
    ["e\u0301", 1],
    ["👩‍👩‍👧", 2],
    ["✓", 1],
    ["━─", 2],
    ["⚠\ufe0f", 2],
    ["\u001b[31mred\u001b[39m", 3],
    ["a\u200bb", 2],
  ];
  for (const [text, columns] of widths) {
    assert.equal(columnsOf(text), columns, JSON.stringify(text));
  }
});

Deno.test("cutTo() never takes more columns than it may, and keeps what fits", () => {
  assert.equal(cutTo("deployment", 5), "depl…");
  assert.equal(cutTo("deployment", 10), "deployment");
  assert.equal(cutTo("名前名前", 4), "名…");
  assert.equal(cutTo("名前", 0), "");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, columns) => {
      const clean = printable(text);
      const cut = cutTo(clean, columns);
      assert.ok(columnsOf(cut) <= columns);
      if (columnsOf(clean) <= columns) assert.equal(cut, clean);
    }),
  );
});

Deno.test("padTo() fills up to the column and never cuts", () => {
  assert.equal(padTo("名", 4), "名  ");
  assert.equal(padTo("long", 2), "long");
});

Deno.test("printable() leaves nothing that could repaint a terminal", () => {
  assert.equal(printable("a\u001b[2Jb\u001b]0;title\u0007c\rd\te\u009b1Af"), "abcd  ef");
  assert.equal(printable("two\nlines"), "two\nlines");
  const unit = fc.constantFrom(..."\u001b\u009b\u0007\u0000\r\t\n[]()?;0159AJm~\\ é名");
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(printable(text), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

Deno.test("oneLine() folds lines into one", () => {
  assert.equal(oneLine("first,\r\n   second\n"), "first, second");
});
