import assert from "node:assert/strict";
import fc from "fast-check";
import {
  backupId,
  type BackupSource,
  fileName,
  folderOf,
  nameOfSource,
  readFileName,
  readSourceName,
} from "../../lib/backup/names.ts";
import { checkName } from "../../lib/store/name.ts";

const source = (name: string): BackupSource => ({ kind: "postgres", scope: "shop", name });

Deno.test("ids are in the order of time, and tell two of the same second apart", () => {
  const at = (text: string) => Temporal.Instant.from(text);
  assert.equal(backupId(at("2026-11-21T03:00:00.999Z"), () => 0), "20261121T030000Z-000000");
  assert.equal(backupId(at("2026-11-21T03:00:00Z"), () => 0.999999999), "20261121T030000Z-ffffff");
  const ids = ["2026-11-21T03:00:00Z", "2026-11-21T03:00:01Z", "2027-01-01T00:00:00Z"]
    .map((text) => backupId(at(text), () => 0.5));
  assert.deepEqual(ids.toSorted(), ids);
});

Deno.test("what begins with the folder of a source belongs to no other", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
    fc.pre(one !== other && one.isWellFormed() && other.isWellFormed());
    const file = fileName(source(one), { id: "20261121T030000Z-000000", suffix: "json" });
    assert.ok(!file.startsWith(folderOf(source(other))), file);
    assert.equal(readFileName(source(other), file), undefined);
    assert.equal(readFileName(source(one), file)?.suffix, "json");
  }));
});

Deno.test("a source is read from the names of its files, and files of its items are those of no other", () => {
  const part = fc.string({ minLength: 1 }).filter((text) => text.isWellFormed());
  const parts = fc.record({ kind: part, scope: part, name: part, item: part }, {
    requiredKeys: ["kind", "scope", "name"],
  });
  fc.assert(fc.property(parts, (source) => {
    const file = { id: "20261121T030000Z-000000", suffix: "dump.zst.age" };
    const name = fileName(source, file);
    assert.deepEqual(readSourceName(name), { ...source });
    assert.deepEqual(readFileName(source, name), file);
    const { item: _, ...whole } = source;
    assert.equal(readFileName(whole, name) !== undefined, source.item === undefined);
  }));
});

Deno.test("names that no source has are not read as one", () => {
  for (
    const name of [
      "notes.txt",
      "postgres/shop/x.json",
      "postgres/shop/main/orders/deeper/x.json",
      "postgres//main/x.json",
      "postgres/sh%6Fp/main/x.json",
      "postgres/shop/%zz/x.json",
      "postgres/shop/a b/x.json",
    ]
  ) {
    assert.equal(readSourceName(name), undefined, name);
  }
});

Deno.test("messages name an item after its source", () => {
  assert.equal(nameOfSource(source("main")), "postgres shop/main");
  assert.equal(nameOfSource({ ...source("main"), item: "orders" }), "postgres shop/main/orders");
});

Deno.test("names of any kind can be stored", () => {
  for (const name of ["app", "..", ".hidden", "a/b", "a b'\"", "données", "-rf", "数".repeat(21)]) {
    checkName(fileName(source(name), { id: "20261121T030000Z-000000", suffix: "dump.age" }));
  }
});

Deno.test("files that no backup has are not read as one", () => {
  const folder = folderOf(source("app"));
  for (
    const name of [
      "notes.txt",
      "20261121T030000Z.json",
      "20261121T030000Z-000000",
      "20261121T030000Z-000000.JSON",
      "sub/20261121T030000Z-000000.json",
      "x20261121T030000Z-000000.json",
    ]
  ) {
    assert.equal(readFileName(source("app"), folder + name), undefined, name);
  }
});
