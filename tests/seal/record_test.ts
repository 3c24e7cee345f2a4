import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatRecord,
  formatRecords,
  isAbout,
  itemDigest,
  parseRecord,
  parseRecords,
  type SealRecord,
} from "../../lib/seal/record.ts";

const record: SealRecord = {
  certificate: "0123456789abcdef".repeat(4),
  label: "shop/web",
  item: "abcdefghij_klmnop-qrst",
};

Deno.test("a record is read as it was written, with and without its keyed parts", () => {
  const base64url = (length: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
  fc.assert(fc.property(
    fc.record({
      certificate: fc.stringMatching(/^[0-9a-f]{64}$/),
      label: fc.constantFrom("", "shop", "shop/web", "a.b/c-d.e"),
      item: base64url(22),
      value: base64url(43),
      proof: base64url(22),
    }, { requiredKeys: ["certificate", "label", "item"], noNullPrototype: true }),
    (written) => assert.deepEqual(parseRecord(formatRecord(written as SealRecord)), written),
  ));
});

Deno.test("parseRecord() reads no record from other texts", () => {
  for (
    const text of [
      "",
      "x",
      `certificate=${record.certificate}`,
      `item=${record.item}`,
      `certificate=${record.certificate} item=${record.item}`,
      `certificate=${record.certificate.toUpperCase()} for=* item=${record.item}`,
      `certificate=${record.certificate} for=* item=${record.item}x`,
      `certificate=${record.certificate} for=a/b/c item=${record.item}`,
    ]
  ) assert.equal(parseRecord(text), undefined);
});

Deno.test("parseRecord() skips parts that a later version may add", () => {
  assert.deepEqual(parseRecord(`${formatRecord(record)} later=1`), record);
});

Deno.test("formatRecords() has a line for each key, in order, whatever order they came in", () => {
  const text = formatRecords(new Map([["b.key", record], ["A_KEY", record]]));
  assert.equal(text, `A_KEY ${formatRecord(record)}\nb.key ${formatRecord(record)}\n`);
  assert.deepEqual([...parseRecords(text).keys()], ["A_KEY", "b.key"]);
});

Deno.test("parseRecords() skips lines that are no records, and an annotation that is not there", () => {
  assert.equal(parseRecords(undefined).size, 0);
  assert.deepEqual(
    parseRecords(`what is this\nA ${formatRecord(record)}\nB certificate=x`),
    new Map([["A", record]]),
  );
});

Deno.test("a record is about one ciphertext, and not about what replaced it", async () => {
  const about = { ...record, item: await itemDigest("AgBsealed") };
  assert.equal(await isAbout(about, "AgBsealed"), true);
  assert.equal(await isAbout(about, "AgBother"), false);
});
