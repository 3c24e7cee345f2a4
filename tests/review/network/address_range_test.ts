import assert from "node:assert/strict";
import fc from "fast-check";
import { extentWithin, rangeOf, rangesOf } from "../../../lib/review/network/address_range.ts";

Deno.test("rangeOf() reads blocks of both families, whatever stands behind the prefix", () => {
  assert.deepEqual(rangeOf("10.1.2.3/8"), { family: 4, first: 0x0a000000n, last: 0x0affffffn });
  assert.deepEqual(rangeOf("192.0.2.7/32"), { family: 4, first: 0xc0000207n, last: 0xc0000207n });
  assert.deepEqual(rangeOf("::1/128"), { family: 6, first: 1n, last: 1n });
  assert.deepEqual(rangeOf("fd00::/8"), {
    family: 6,
    first: 0xfdn << 120n,
    last: (0xfen << 120n) - 1n,
  });
});

for (const text of ["10.0.0.0", "10.0.0/8", "10.0.0.256/8", "10.0.0.0/33", "1:2/64", "::g/64"]) {
  Deno.test(`rangeOf() refuses ${text}`, () => {
    assert.throws(() => rangeOf(text), RangeError);
  });
}

Deno.test("extentWithin() tells all from some and none", () => {
  const wanted = rangesOf("10.0.0.0/24");
  assert.equal(extentWithin(wanted, rangesOf("10.0.0.0/8")), "all");
  assert.equal(extentWithin(wanted, rangesOf("10.0.0.0/25")), "some");
  assert.equal(extentWithin(wanted, rangesOf("10.0.1.0/24")), "none");
  assert.equal(extentWithin(wanted, rangesOf("::/0")), "none");
  assert.equal(extentWithin(wanted, []), "none");
});

Deno.test("extentWithin() finds a range covered by several that cover it together", () => {
  const halves = [...rangesOf("10.0.0.0/25"), ...rangesOf("10.0.0.128/25")];
  assert.equal(extentWithin(rangesOf("10.0.0.0/24"), halves), "all");
});

Deno.test("extentWithin() leaves out what is excepted", () => {
  const given = rangesOf("0.0.0.0/0", ["10.0.0.0/8"]);
  assert.equal(extentWithin(rangesOf("10.1.0.0/16"), given), "none");
  assert.equal(extentWithin(rangesOf("8.0.0.0/6"), given), "some");
  assert.equal(extentWithin(rangesOf("0.0.0.0/0", ["10.0.0.0/8"]), given), "all");
});

Deno.test("extentWithin() says what a look at each single address says", () => {
  const block = fc.record({ last: fc.nat(255), bits: fc.integer({ min: 24, max: 32 }) })
    .map(({ last, bits }) => `10.0.0.${last}/${bits}`);
  const given = fc.array(fc.record({ cidr: block, except: fc.array(block, { maxLength: 2 }) }), {
    maxLength: 4,
  });
  fc.assert(fc.property(block, given, (wanted, blocks) => {
    const isIn = (cidr: string, address: bigint) => {
      const { first, last } = rangeOf(cidr);
      return address >= first && address <= last;
    };
    const every = Array.from({ length: 256 }, (_, index) => 0x0a000000n + BigInt(index))
      .filter((address) => isIn(wanted, address))
      .map((address) =>
        blocks.some(({ cidr, except }) =>
          isIn(cidr, address) && !except.some((hole) => isIn(hole, address))
        )
      );
    const expected = every.every(Boolean) ? "all" : every.some(Boolean) ? "some" : "none";
    const ranges = blocks.flatMap(({ cidr, except }) => rangesOf(cidr, except));
    assert.equal(extentWithin(rangesOf(wanted), ranges), expected);
  }));
});
