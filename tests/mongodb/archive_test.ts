import assert from "node:assert/strict";
import fc from "fast-check";
import { createArchiveReader, guardedArchive } from "../../lib/mongodb/archive.ts";
import { ArchiveDamaged } from "../../lib/mongodb/archive_damaged.ts";
import { createCrc64 } from "../../lib/mongodb/crc64.ts";
import { bson, join, slowCrc64, writeArchive, type WrittenArchive } from "./archive_writer.ts";

const shop: WrittenArchive = {
  collections: [
    { database: "shop", name: "orders", documents: ["a", "b", "c"] },
    { database: "shop", name: "empty", documents: [] },
    { database: "shop", name: "paid", documents: [], type: "view" },
    { database: "books", name: "orders", documents: ["ü", "x".repeat(500)] },
  ],
};

function read(bytes: Uint8Array<ArrayBuffer>) {
  const reader = createArchiveReader();
  reader.push(bytes);
  return reader.end();
}

Deno.test("an archive tells its versions, its collections and how many documents each has", () => {
  const { collections, ...rest } = read(writeArchive(shop));
  assert.deepEqual(rest, { serverVersion: "7.0.25", toolVersion: "100.13.0" });
  assert.deepEqual(
    collections.map(({ database, name, documents, view }) => [database, name, documents, view]),
    [
      ["shop", "orders", 3, false],
      ["shop", "empty", 0, false],
      ["shop", "paid", 0, true],
      ["books", "orders", 2, false],
    ],
  );
  assert.equal(collections[0]!.sizeBytes, 3 * bson([["_id", "a"]]).length);
});

Deno.test("the pieces in which an archive comes make no difference", () => {
  const bytes = writeArchive(shop);
  const whole = read(bytes);
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sizes) => {
    const reader = createArchiveReader();
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      reader.push(bytes.slice(at, at + size));
      at += size;
    }
    assert.deepEqual(reader.end(), whole);
  }));
});

Deno.test("an archive that is cut off anywhere is refused", () => {
  const bytes = writeArchive(shop);
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => read(bytes.slice(0, length)), ArchiveDamaged, `after ${length} bytes`);
  }
});

Deno.test("an archive that ends well-formed but before the last collection is refused by name", () => {
  assert.throws(() => read(writeArchive({ ...shop, endWithout: "empty" })), {
    message: /cut off: shop\.empty did not come to its end, nor did 1 more/,
  });
});

Deno.test("a flipped bit in a document is seen by the collection's sum", () => {
  const bytes = writeArchive(shop);
  // The letter of the first document's id.
  const at = bytes.indexOf("a".charCodeAt(0), indexOf(bytes, bson([["_id", "a"]])) + 12);
  bytes[at]! ^= 1;
  assert.throws(() => read(bytes), {
    message: /documents of shop\.orders were changed: their CRC/,
  });
});

Deno.test("a collection that goes on after its end is refused", () => {
  const once = writeArchive({ collections: [shop.collections[0]!] });
  const segment = join([
    bson([["db", "shop"], ["collection", "orders"], ["EOF", false], ["CRC", 0n]]),
    Uint8Array.of(255, 255, 255, 255),
  ]);
  assert.throws(() => read(join([once, segment])), {
    message: /shop\.orders goes on after its end/,
  });
});

Deno.test("what does not begin as an archive is refused at once", () => {
  assert.throws(() => createArchiveReader().push(new TextEncoder().encode("Failed: no server")), {
    message: /does not begin as one/,
  });
});

Deno.test("the oplog is counted apart from collections", () => {
  const { collections, oplogEntries } = read(writeArchive({
    collections: [...shop.collections, { database: "", name: "oplog", documents: ["1", "2"] }],
  }));
  assert.equal(oplogEntries, 2);
  assert.ok(collections.every(({ database }) => database !== ""));
});

Deno.test("documents of a time series come under the name of the collection behind it, before 8.3", () => {
  const series = { database: "shop", name: "load", documents: ["1"], type: "timeseries" as const };
  const older = read(writeArchive({
    collections: [{ ...series, segmentName: "system.buckets.load" }],
  }));
  assert.deepEqual(older.collections.map(({ name, documents }) => [name, documents]), [
    ["system.buckets.load", 1],
  ]);
  const newer = read(writeArchive({ collections: [series], serverVersion: "8.3.0" }));
  assert.deepEqual(newer.collections.map(({ name, documents }) => [name, documents]), [[
    "load",
    1,
  ]]);
});

Deno.test("a view that an older mongodump wrote nothing for is no lack", () => {
  const archive = writeArchive({
    collections: [{
      database: "shop",
      name: "paid",
      documents: [],
      metadata: JSON.stringify({ options: { viewOn: "orders" } }),
    }],
    endWithout: "paid",
  });
  assert.deepEqual(read(archive).collections.map(({ view }) => view), [true]);
});

Deno.test("collections are known before the first document has come", () => {
  const bytes = writeArchive(shop);
  const reader = createArchiveReader();
  const list = indexOf(bytes, Uint8Array.of(255, 255, 255, 255)) + 4;
  reader.push(bytes.slice(0, list - 1));
  assert.equal(reader.announced(), undefined);
  reader.push(bytes.slice(list - 1, list));
  assert.deepEqual(reader.announced()?.map(({ name }) => name), [
    "orders",
    "empty",
    "paid",
    "orders",
  ]);
});

Deno.test("a guard passes all bytes on, and fails before its end when the archive was cut off", async () => {
  const bytes = writeArchive(shop);
  const pass = (part: Uint8Array<ArrayBuffer>) => {
    const guard = guardedArchive(new Blob([part]).stream());
    return { guard, out: new Response(guard.stream).bytes() };
  };
  const whole = pass(bytes);
  assert.deepEqual(await whole.out, bytes);
  assert.equal(whole.guard.facts().collections.length, 4);
  await assert.rejects(pass(bytes.slice(0, -4)).out, ArchiveDamaged);
});

Deno.test("a guard tells nothing of an archive that nobody read to its end", () => {
  const guard = guardedArchive(new Blob([writeArchive(shop)]).stream());
  assert.throws(() => guard.facts(), ArchiveDamaged);
});

Deno.test("the sum is that of CRC-64 by ECMA-182, whatever the pieces", () => {
  // The check value of CRC-64/XZ, as catalogues of checksums list it.
  const nine = createCrc64();
  nine.update(new TextEncoder().encode("123456789"), 0, 9);
  assert.equal(BigInt.asUintN(64, nine.value()), 0x995DC9BBDF1939FAn);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
    const at = Math.min(cut, bytes.length);
    const crc = createCrc64();
    crc.update(bytes, 0, at);
    crc.update(bytes, at, bytes.length);
    assert.equal(crc.value(), slowCrc64(bytes));
  }));
});

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at <= bytes.length - part.length; at++) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  throw new RangeError("there is no such part");
}
