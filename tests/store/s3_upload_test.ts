import assert from "node:assert/strict";
import { partSizeBytes } from "../../lib/store/s3_upload.ts";

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
const numbers = Array.from({ length: 10_000 }, (_, at) => at + 1);
const sizes = (expectedBytes?: number) =>
  numbers.map((number) => partSizeBytes(number, expectedBytes));
const sum = (all: readonly number[]) => all.reduce((total, size) => total + size, 0);

Deno.test("10,000 parts hold the largest object, and none is larger than a part may be", () => {
  for (const expected of [undefined, 0, gibibyte, 100 * gibibyte, 5 * 1024 * gibibyte]) {
    const all = sizes(expected);
    assert.ok(sum(all) >= 5 * 1024 * gibibyte, `${expected}: ${sum(all) / gibibyte} GiB`);
    assert.ok(all.every((size) => size >= 5 * mebibyte && size <= 5 * gibibyte));
  }
});

Deno.test("parts stay small for what is small, and of one size where the size is known", () => {
  assert.ok(sizes().slice(0, 4_000).every((size) => size === 8 * mebibyte));
  const known = sizes(500 * gibibyte);
  assert.equal(new Set(known.slice(0, 6_000)).size, 1);
  assert.ok(sum(known.slice(0, 6_000)) >= 500 * gibibyte);
  assert.equal(known[0], 86 * mebibyte);
});
