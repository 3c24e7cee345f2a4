import assert from "node:assert/strict";
import fc from "fast-check";
import { CannotUnseal, Malformed } from "../../lib/seal/errors.ts";
import { checkSealedValue, plainBytes, sealValue, unsealValue } from "../../lib/seal/format.ts";
import { makePair } from "./sealing_pair.ts";

const own = await makePair();
const other = await makePair();
const encoder = new TextEncoder();

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array));

Deno.test("a sealed value opens to the same bytes under the same label, whatever they are", () =>
  fc.assert(
    fc.asyncProperty(bytes, fc.string(), async (plain, label) => {
      const sealed = await sealValue(plain, own.certificate.publicKey, label);
      assert.equal(plainBytes(sealed), plain.length);
      assert.deepEqual(await unsealValue(sealed, [own.privateKey], label), plain);
    }),
    { numRuns: 40 },
  ));

Deno.test("a sealed value has the layout of the controller's format", async () => {
  const sealed = Uint8Array.fromBase64(
    await sealValue(encoder.encode("hunter2"), own.certificate.publicKey, "shop/db"),
  );
  assert.deepEqual([...sealed.slice(0, 2)], [1, 0], "256 bytes of a 2048-bit key, big-endian");
  assert.equal(sealed.length, 2 + 256 + "hunter2".length + 16);
});

Deno.test("the same value is never sealed the same twice", async () => {
  const { publicKey } = own.certificate;
  const plain = encoder.encode("hunter2");
  assert.notEqual(await sealValue(plain, publicKey, ""), await sealValue(plain, publicKey, ""));
});

Deno.test("a sealed value opens with any of several keys, the right one last", async () => {
  const sealed = await sealValue(encoder.encode("x"), own.certificate.publicKey, "");
  const plain = await unsealValue(sealed, [other.privateKey, own.privateKey], "");
  assert.deepEqual(plain, encoder.encode("x"));
});

Deno.test("a sealed value does not open under another label, or with another key", async () => {
  const sealed = await sealValue(encoder.encode("x"), own.certificate.publicKey, "shop/db");
  for (const label of ["shop/dc", "shop", ""]) {
    await assert.rejects(unsealValue(sealed, [own.privateKey], label), CannotUnseal);
  }
  await assert.rejects(
    unsealValue(sealed, [other.privateKey], "shop/db"),
    (error) => error instanceof CannotUnseal && /sealed for/.test(error.remedy!),
  );
  await assert.rejects(unsealValue(sealed, [], "shop/db"), CannotUnseal);
});

Deno.test("no change of a sealed value goes unnoticed", () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
      const { publicKey } = own.certificate;
      const sealed = Uint8Array.fromBase64(await sealValue(encoder.encode("x"), publicKey, "a/b"));
      sealed[place % sealed.length]! ^= change;
      await assert.rejects(
        unsealValue(sealed.toBase64(), [own.privateKey], "a/b"),
        (error) => error instanceof CannotUnseal || error instanceof Malformed,
      );
    }),
    { numRuns: 30 },
  ));

Deno.test("a text that cannot be a sealed value is told from one that no key opens", async () => {
  const sealed = await sealValue(new Uint8Array(), own.certificate.publicKey, "");
  const cut = Uint8Array.fromBase64(sealed).slice(0, -1).toBase64();
  for (const text of ["", "NOT-SEALED-YET", "AAAA", "AQ==", cut]) {
    assert.throws(() => checkSealedValue(text), Malformed, text);
    await assert.rejects(unsealValue(text, [own.privateKey], ""), Malformed, text);
  }
  checkSealedValue(sealed);
  checkSealedValue(sealed, 256);
  assert.throws(() => checkSealedValue(sealed, 512), /2048 bits, wanted 4096/);
});
