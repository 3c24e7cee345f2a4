import assert from "node:assert/strict";
import fc from "fast-check";
import { dump, loadAll } from "js-yaml";
import { parse } from "yaml";
import { readQuickly, writeQuickly } from "../../lib/seal/quick_yaml.ts";

/** Texts that YAML makes something of, besides ordinary ones. */
const word = fc.oneof(
  fc.constantFrom(
    ...["yes", "No", "on", "y", "true", "Null", "~", "", "1", "-1", "1_0", "0x1f", "0o7", "1e3"],
    ...[
      "1.",
      ".5",
      ".inf",
      "12:30",
      "2001-01-01",
      "a: b",
      "a #b",
      "#a",
      "- a",
      "-",
      "?",
      "<<",
      "=",
    ],
    ...[
      "*a",
      "&a",
      "!a",
      "@a",
      "`a",
      "%a",
      "{a}",
      "[a]",
      "'a'",
      '"a"',
      "|",
      ">",
      "a:",
      "a\nb\n",
      "a\n",
    ],
    ...[
      "aGFsbG8=",
      "kubernetes.io/tls",
      "AgB1+/x==",
      " a",
      "a ",
      "---",
      "...",
      "\ta",
      "é",
      "\u0000",
    ],
  ),
  fc.string({ maxLength: 8 }),
  fc.base64String({ maxLength: 12 }),
);

/** Keys as Secrets have them, mostly. */
const key = fc.oneof(
  word,
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "data", "name", "app.kubernetes.io/name") },
);

/** Values as Secrets have them, mostly. */
const value = fc.oneof(
  word,
  { weight: 4, arbitrary: fc.constantFrom("", "db", "v1", "'x y'", '"x"', "aHVudGVyMg==") },
);

const tree = fc.letrec<{ map: unknown }>((tie) => ({
  map: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, value, tie("map")), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
})).map;

Deno.test("what the quick reader reads, the parser reads the same", () => {
  let quick = 0;
  const check = (text: string) => {
    const read = readQuickly(text);
    if (read === undefined) return;
    quick++;
    assert.deepEqual(read, loadAll(text), text);
  };
  const line = fc.tuple(
    fc.constantFrom("", "", "", "  ", "    "),
    key,
    fc.constantFrom(": ", ":"),
    value,
  )
    .map((parts) => parts.join(""));
  fc.assert(fc.property(tree, (value) => check(dump(value, { lineWidth: -1 }))), { numRuns: 300 });
  fc.assert(fc.property(fc.array(line, { maxLength: 5 }), (lines) => check(lines.join("\n"))), {
    numRuns: 3_000,
  });
  assert.ok(quick > 80, `only ${quick} texts were read quickly`);
});

Deno.test("what the quick writer writes, parsers of YAML 1.1 and 1.2 read as it was", () =>
  fc.assert(
    fc.property(tree, (value) => {
      const text = writeQuickly(value as object);
      if (text === undefined || text === "\n") return;
      assert.deepEqual(loadAll(text), [value], text);
      assert.deepEqual(parse(text, { version: "1.1" }), value, text);
    }),
    { numRuns: 500 },
  ));

Deno.test("a Secret as kubectl writes it is read quickly", () => {
  const text = [
    "# made by hand",
    "apiVersion: v1",
    "data:",
    "  password: aHVudGVyMg==",
    "kind: Secret",
    "metadata:",
    "  labels:",
    "    app.kubernetes.io/name: 'shop'",
    "  name: db",
    "type: Opaque",
    "",
  ].join("\n");
  assert.deepEqual(readQuickly(text), loadAll(text));
  assert.equal(readQuickly(`---\n${text}---\n${text}`)?.length, 2);
});

Deno.test("the quick reader leaves to the parser what needs one", () => {
  for (
    const text of [
      "a: 1",
      "a: b\na: c",
      "a: |\n  b",
      "a: [b]",
      "a:",
      "- a",
      "a: b #c",
      "a: b\n c: d",
    ]
  ) {
    assert.equal(readQuickly(text), undefined, text);
  }
});
