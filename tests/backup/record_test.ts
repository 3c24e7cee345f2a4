import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import { type BackupRecord, objectOf, readRecord, writeRecord } from "../../lib/backup/record.ts";
import { readVerification, writeVerification } from "../../lib/backup/verification.ts";

const record: BackupRecord = {
  format: 1,
  kind: "vault",
  scope: "shop-production",
  name: "vault",
  id: "20261121T030000Z-3fa9c2",
  createdAt: "2026-11-21T03:00:00Z",
  durationMs: 850,
  tool: "slipway 0.1.0",
  objects: [{
    suffix: "snap.age",
    plain: { sizeBytes: 10, sha256: "0".repeat(64) },
    stored: { sizeBytes: 200, sha256: "f".repeat(64) },
  }],
  recipients: ["age1example"],
  details: { version: "1.21.1" },
};

Deno.test("a record is read as it was written", () => {
  assert.deepEqual(readRecord(writeRecord(record), "x.json"), record);
});

Deno.test("a record may name an item, and how its objects are compressed", () => {
  const objects = record.objects.map((object) => ({ ...object, compression: "zstd" as const }));
  const whole = { ...record, item: "orders", objects };
  assert.deepEqual(readRecord(writeRecord(whole), "x.json"), whole);
  const other = { ...record, objects: [{ ...record.objects[0], compression: "lzma" }] };
  assert.throws(() => readRecord(JSON.stringify(other), "x.json"), /objects\.0\.compression/);
});

Deno.test("fields that a later version added are skipped", () => {
  const text = JSON.stringify({ ...record, compression: "zstd" });
  assert.deepEqual(readRecord(text, "x.json"), record);
});

Deno.test("a record that is damaged is refused, with its name and what is wrong", () => {
  const text = writeRecord(record);
  const broken: [string, RegExp][] = [
    ["", /no JSON/],
    [text.slice(0, -40), /no JSON/],
    ["null", /expected object/],
    [JSON.stringify({ ...record, format: 0 }), /format/],
    [JSON.stringify({ ...record, createdAt: "yesterday" }), /createdAt: expected a time/],
    [JSON.stringify({ ...record, objects: [] }), /objects/],
    [text.replace("0".repeat(64), "0".repeat(63)), /objects.0.plain.sha256: expected 64/],
    [text.replace('"sizeBytes": 200', '"sizeBytes": -1'), /sizeBytes/],
  ];
  for (const [damaged, because] of broken) {
    assert.throws(() => readRecord(damaged, "x.json"), (error) => {
      assert.ok(error instanceof SlipwayError, String(error));
      assert.match(error.message, /^Cannot use the backup record x\.json: /);
      assert.match(error.message, because);
      return true;
    });
  }
});

Deno.test("a record of a later format asks for a later Slipway", () => {
  assert.throws(
    () => readRecord(JSON.stringify({ ...record, format: 2 }), "x.json"),
    (error) => error instanceof SlipwayError && error.remedy === "use a later version of Slipway",
  );
});

Deno.test("a verification is read as it was written, and damage is no verification", () => {
  const verification = {
    id: record.id,
    verifiedAt: "2026-11-22T10:00:00Z",
    durationMs: 12_000,
    target: "http://127.0.0.1:8200",
    proof: "the canary was read",
  };
  assert.deepEqual(readVerification(writeVerification(verification)), verification);
  assert.equal(readVerification("{"), undefined);
  assert.equal(readVerification("{}"), undefined);
});

Deno.test("an object is found by its suffix, whatever says how it is stored, and its lack is told", () => {
  assert.equal(objectOf(record, "snap"), record.objects[0]);
  assert.equal(objectOf(record, "snap.age"), record.objects[0]);
  assert.throws(() => objectOf(record, "sna"), SlipwayError);
});
