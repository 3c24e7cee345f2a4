import { deepEqual, equal, match, notEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  checkDatabaseName,
  readMark,
  type RestoreMark,
  restoreName,
  writeMark,
} from "../../lib/postgres/restore_names.ts";

const id = "20261121T030000Z-3fa9c2";
const size = (text: string) => new TextEncoder().encode(text).length;

Deno.test("restoreName() says of which database and from which backup it is", async () => {
  equal(await restoreName("shop", "restored", id), "shop_restored_20261121t030000z_3fa9c2");
});

Deno.test("restoreName() fits into 63 bytes, and keeps long names apart", async () => {
  const one = await restoreName(`${"ü".repeat(30)}a`, "before", id);
  const two = await restoreName(`${"ü".repeat(30)}b`, "before", id);
  notEqual(one, two);
  match(one, /^ü+_[0-9a-f]{6}_before_20261121t030000z_3fa9c2$/);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (name) => {
      const made = await restoreName(name, "restoring", id);
      return size(made) <= 63 && !made.includes("\ufffd") || name.includes("\ufffd");
    }),
    { numRuns: 30 },
  );
});

Deno.test("readMark() reads what writeMark() wrote, and nothing else", () => {
  const mark: RestoreMark = {
    state: "before",
    database: `sh"op`,
    source: "shop",
    backup: id,
    startedAt: "2026-11-21T03:00:00Z",
    comment: "a 'comment'",
  };
  deepEqual(readMark(writeMark(mark)), mark);
  for (
    const comment of [
      null,
      "",
      "the shop",
      '{"state":"restoring"}',
      "slipway is restoring this; it is not finished: {",
      'slipway is restoring this; it is not finished: {"state":"restoring"}',
    ]
  ) {
    equal(readMark(comment), undefined);
  }
});

Deno.test("checkDatabaseName() refuses what Postgres would cut off", () => {
  checkDatabaseName("x".repeat(63));
  for (const name of ["", "x".repeat(64), "ü".repeat(32)]) {
    throws(() => checkDatabaseName(name), /wanted 1 to 63/);
  }
});
