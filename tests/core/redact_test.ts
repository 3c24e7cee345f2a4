import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedactor } from "../../lib/core/redact.ts";

Deno.test("a remembered secret is replaced wherever it stands", () => {
  const redactor = createRedactor();
  redactor.add("s3cr3t");
  assert.equal(redactor.redact("a s3cr3t, as3cr3tb"), "a ********, a********b");
});

Deno.test("the base64 form of a secret is a secret too, as Secret objects have it", () => {
  const redactor = createRedactor();
  redactor.add("pässword");
  assert.equal(redactor.redact(new TextEncoder().encode("pässword").toBase64()), "********");
});

Deno.test("each line of a secret of several lines is a secret, such as of a key file", () => {
  const redactor = createRedactor();
  redactor.add("-----BEGIN-----\nabcdef\n-----END-----");
  assert.equal(redactor.redact("found abcdef there"), "found ******** there");
});

Deno.test("a secret that holds another one is replaced as a whole", () => {
  const redactor = createRedactor();
  redactor.add("pass");
  redactor.add("password");
  assert.equal(redactor.redact("password"), "********");
});

Deno.test("what is too short to be a secret is left alone", () => {
  const redactor = createRedactor();
  redactor.add("abc");
  redactor.add("    ");
  assert.equal(redactor.redact("abcdef    g"), "abcdef    g");
});

Deno.test("no text keeps a secret that was remembered", () => {
  const secret = fc.string({ minLength: 4, maxLength: 20 }).filter((text) =>
    text.trim().length >= 4 && !text.includes("*")
  );
  fc.assert(
    fc.property(fc.array(secret, { maxLength: 5 }), secret, fc.string(), fc.string(), (
      others,
      known,
      before,
      after,
    ) => {
      const redactor = createRedactor();
      for (const other of [...others, known]) redactor.add(other);
      assert.ok(!redactor.redact(`${before}${known}${after}`).includes(known));
    }),
  );
});
