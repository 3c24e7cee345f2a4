import assert from "node:assert/strict";
import { UsageError } from "../../lib/core/errors.ts";
import {
  isProven,
  isUnchanged,
  newDigestKey,
  readDigestKey,
  recordOf,
  type SealedItem,
} from "../../lib/seal/digest.ts";
import { formatRecord } from "../../lib/seal/record.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const digestKey = await readDigestKey(newDigestKey(), "a test");
const otherKey = await readDigestKey(newDigestKey(), "a test");

const item: SealedItem = {
  place: { namespace: "shop", name: "web", key: "PIN" },
  plain: bytes("1234"),
  sealed: "AgBfirst",
  label: "shop/web",
  certificate: "a".repeat(64),
};

Deno.test("a value is known again by its record", async () => {
  const record = await recordOf(item, digestKey);
  assert.equal(await isUnchanged(record, item, digestKey), true);
});

Deno.test("a value, ciphertext, place or digest key of another kind is not known", async () => {
  const record = await recordOf(item, digestKey);
  for (
    const other of [
      { ...item, plain: bytes("1235") },
      { ...item, plain: bytes("") },
      { ...item, sealed: "AgBother" },
      { ...item, place: { ...item.place, key: "PIN2" } },
      { ...item, place: { ...item.place, name: "app" } },
      { ...item, place: { ...item.place, namespace: "prod" } },
      { ...item, place: { namespace: "sho", name: "pweb", key: "PIN" } },
    ]
  ) assert.equal(await isUnchanged(record, other, digestKey), false);
  assert.equal(await isUnchanged(record, item, otherKey), false);
});

Deno.test("a record without the digest key tells nothing of the value", async () => {
  const record = await recordOf(item, undefined);
  assert.deepEqual(Object.keys(record), ["certificate", "label", "item"]);
  assert.equal(await isUnchanged(record, item, digestKey), false);
});

Deno.test("equal values have different digests, in two items and in one that is sealed twice", async () => {
  const digests = await Promise.all([
    recordOf(item, digestKey),
    recordOf(item, digestKey),
    recordOf({ ...item, place: { ...item.place, key: "PIN2" } }, digestKey),
  ]);
  assert.equal(new Set(digests.map(({ value }) => value)).size, 3);
});

Deno.test("a new ciphertext of the same value keeps its digest, one of another value does not", async () => {
  const earlier = await recordOf(item, digestKey);
  const resealed = { ...item, sealed: "AgBsecond", certificate: "b".repeat(64) };
  const later = await recordOf(resealed, digestKey, earlier);
  assert.equal(later.value, earlier.value);
  assert.notEqual(later.proof, earlier.proof);
  assert.equal(await isUnchanged(later, resealed, digestKey), true);
  const changed = await recordOf({ ...resealed, plain: bytes("9999") }, digestKey, earlier);
  assert.notEqual(changed.value, earlier.value);
});

Deno.test("a record that somebody changed without the digest key is not proven", async () => {
  const record = await recordOf(item, digestKey);
  assert.equal(await isProven(record, digestKey), true);
  // Somebody seals a value of his own, and makes the record say that it is the old one.
  const { item: forged } = await recordOf({ ...item, sealed: "AgBevil" }, undefined);
  assert.equal(await isProven({ ...record, item: forged }, digestKey), false);
  assert.equal(
    await isUnchanged({ ...record, item: forged }, { ...item, sealed: "AgBevil" }, digestKey),
    false,
  );
  assert.equal(await isProven({ ...record, label: "shop" }, digestKey), false);
  assert.equal(await isProven({ ...record, certificate: "b".repeat(64) }, digestKey), false);
});

Deno.test("a guess cannot be checked without the digest key: records hold nothing of the value but a keyed digest", async () => {
  const record = formatRecord(await recordOf(item, digestKey));
  for (const guess of ["1234", bytes("1234").toBase64(), bytes("1234").toHex()]) {
    assert.ok(!record.includes(guess));
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", item.plain));
  assert.ok(!record.includes(digest.toBase64({ alphabet: "base64url" }).slice(0, 20)));
});

Deno.test("readDigestKey() finds the key among comments, and refuses what is none", async () => {
  const key = newDigestKey();
  const read = await readDigestKey(`# of the shop\n${key}\n`, "shop.key");
  assert.equal(await isProven(await recordOf(item, read), await readDigestKey(key, "x")), true);
  for (const text of ["", "hunter2", "slipway-digest-key-1:AAAA", `${key}AAAA`, `x${key}`]) {
    await assert.rejects(readDigestKey(text, "shop.key"), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /shop\.key/);
      assert.ok(text === "" || !error.message.includes(text));
      return true;
    });
  }
});
