import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { dumpGuard } from "../../lib/postgres/dump_guard.ts";

const int = (value: number) => {
  const size = Math.abs(value);
  return [value < 0 ? 1 : 0, size & 255, (size >> 8) & 255, (size >> 16) & 255, size >>> 24];
};
const text = (value: string | undefined) =>
  value === undefined ? int(-1) : [...int(value.length), ...new TextEncoder().encode(value)];

interface Thing {
  id: number;
  kind: string;
  name: string;
  /** Pieces of its data, or of its large objects; none where it has no data. */
  data?: number[][] | number[][][];
}

/** A dump as pg_dump writes it. Source: PostgreSQL, pg_backup_archiver.c, pg_backup_custom.c. */
function dumpOf(things: readonly Thing[], version = 14): Uint8Array<ArrayBuffer> {
  const bytes = [...new TextEncoder().encode("PGDMP"), 1, version, 0, 4, 8, 1];
  bytes.push(...version >= 15 ? [0] : int(0));
  for (let part = 0; part < 7; part++) bytes.push(...int(part));
  for (const name of ["shop", "15.1", "15.1"]) bytes.push(...text(name));
  bytes.push(...int(things.length));
  for (const { id, kind, name, data } of things) {
    bytes.push(...int(id), ...int(data === undefined ? 0 : 1), ...text("1259"), ...text("0"));
    bytes.push(...text(name), ...text(kind), ...int(3));
    for (const part of ["", undefined, "COPY"]) bytes.push(...text(part));
    for (const part of ["public", "", "heap"]) bytes.push(...text(part));
    if (version >= 16) bytes.push(...int(0));
    for (const part of ["owner", "false", "7", undefined]) bytes.push(...text(part));
    bytes.push(data === undefined ? 3 : 1, ...Array.from({ length: 8 }, () => 0));
  }
  const pieces = (
    data: number[][],
  ) => [...data.flatMap((each) => [...int(each.length), ...each]), ...int(0)];
  for (const { id, kind, data } of things) {
    if (data === undefined) continue;
    if (kind === "TABLE DATA") bytes.push(1, ...int(id), ...pieces(data as number[][]));
    else {
      bytes.push(3, ...int(id));
      for (const [at, object] of (data as number[][][]).entries()) {
        bytes.push(...int(16_400 + at), ...pieces(object));
      }
      bytes.push(...int(0));
    }
  }
  return new Uint8Array(bytes);
}

const things: Thing[] = [
  { id: 1, kind: "TABLE", name: "orders" },
  {
    id: 9,
    kind: "TABLE DATA",
    name: "orders",
    data: [[1, 2, 3], Array(300).fill(7)],
  },
  { id: 7, kind: "TABLE DATA", name: "empty", data: [] },
  { id: 8, kind: "BLOBS", name: "BLOBS", data: [[[1, 2]], []] },
];

function pass(dump: Uint8Array<ArrayBuffer>, size: number) {
  const guard = dumpGuard("the dump of shop");
  for (let at = 0; at < dump.length; at += size) guard.push(dump.slice(at, at + size));
  guard.end();
  return guard;
}

for (const version of [14, 15, 16]) {
  Deno.test(`dumpGuard() takes a whole dump of format 1.${version}, in pieces of any size`, () => {
    const dump = dumpOf(things, version);
    fc.assert(fc.property(fc.integer({ min: 1, max: dump.length }), (size) => {
      const found = pass(dump, size).withData();
      deepEqual(found?.map(({ id, kind, schema, name }) => [id, kind, schema, name]), [
        [9, "TABLE DATA", "public", "orders"],
        [7, "TABLE DATA", "public", "empty"],
        [8, "BLOBS", "public", "BLOBS"],
      ]);
    }));
  });

  Deno.test(`dumpGuard() refuses a dump of format 1.${version} that is cut off, wherever it is`, () => {
    const dump = dumpOf(things, version);
    for (let end = 0; end < dump.length; end++) {
      throws(() => pass(dump.slice(0, end), 64), {
        message: /^Refused the dump of shop: it ended/,
      });
    }
  });
}

Deno.test("dumpGuard() refuses what is no dump, and what follows where nothing should", () => {
  const encode = (words: string) => new TextEncoder().encode(words);
  throws(() => pass(encode("--\n-- PostgreSQL database dump"), 3), { message: /does not begin/ });
  const more = new Uint8Array([...dumpOf(things), ...encode("notice: done")]);
  throws(() => pass(more, 1000), { message: /does not have/ });
});

Deno.test("dumpGuard() lets formats pass that are newer than it, and claims nothing of them", () => {
  equal(pass(dumpOf(things, 17).slice(0, 200), 10).withData(), undefined);
});
