import assert from "node:assert/strict";
import fc from "fast-check";
import { expositionText, mergeExposition, type Sample } from "../../lib/notify/exposition.ts";

const sample = (
  value: number,
  labels: Record<string, string> = {},
  name = "a_seconds",
): Sample => ({
  ...{ name, help: `What ${name} is`, labels, value },
});

Deno.test("samples of one name stand together under its help", () => {
  assert.equal(
    expositionText([
      sample(1, { item: "x" }),
      sample(2, {}, "b_bytes"),
      sample(3, { item: 'a "b"\\\nc', name: "" }),
    ]),
    [
      "# HELP a_seconds What a_seconds is",
      "# TYPE a_seconds gauge",
      'a_seconds{item="x"} 1',
      'a_seconds{item="a \\"b\\"\\\\\\nc"} 3',
      "# HELP b_bytes What b_bytes is",
      "# TYPE b_bytes gauge",
      "b_bytes 2",
      "",
    ].join("\n"),
  );
});

Deno.test("a new sample takes the place of that of its series, and of no other", () => {
  const text = expositionText([sample(1, { item: "x" }), sample(2, { item: "y" })]);
  const merged = mergeExposition(text, [sample(9, { item: "x" })]);
  assert.equal(merged, expositionText([sample(9, { item: "x" }), sample(2, { item: "y" })]));
});

Deno.test("what is no line of samples goes with the next write", () => {
  const whole = expositionText([sample(1)]);
  const torn = `${whole}b_bytes{item="x"\na_seconds{item="y"} many\n\n`;
  assert.equal(mergeExposition(torn, []), whole);
});

Deno.test("whatever the labels are, what was written is read again as it was", () => {
  const sign = fc.constantFrom(...'a{}",=#\\ \n\r\u2028ä😀');
  const labels = fc.dictionary(
    fc.constantFrom("kind", "scope", "name", "item"),
    fc.string({ unit: sign, minLength: 1 }),
  );
  fc.assert(fc.property(fc.array(fc.tuple(labels, fc.integer()), { maxLength: 5 }), (all) => {
    const text = expositionText(all.map(([labels, value]) => sample(value, labels)));
    assert.equal(mergeExposition(text, []), text);
  }));
});
