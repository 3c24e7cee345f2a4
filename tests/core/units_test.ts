import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../lib/core/errors.ts";
import { formatBytes, formatDuration, parseDuration, parseQuantity } from "../../lib/core/units.ts";

Deno.test("parseDuration() reads sums of amounts with units", () => {
  const durations: [text: string, ms: number][] = [
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["1.5s", 1_500],
    ["2d", 172_800_000],
    ["1m500ms", 60_500],
  ];
  for (const [text, ms] of durations) assert.equal(parseDuration(text), ms, text);
});

Deno.test("parseDuration() refuses what has no unit, and names the text", () => {
  for (const text of ["", "5", "5 m", "m", "-5m", "5x", "5m ", "1e3s"]) {
    assert.throws(
      () => parseDuration(text),
      (error) => error instanceof UsageError && error.message.includes(`"${text}"`),
      text,
    );
  }
});

Deno.test("parseDuration() adds up whatever units are written side by side", () => {
  const part = fc.tuple(fc.nat(1_000), fc.constantFrom("ms", "s", "m", "h", "d"));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const sum = parts.reduce((total, [n, unit]) => total + parseDuration(`${n}${unit}`), 0);
      assert.equal(parseDuration(parts.map(([n, unit]) => `${n}${unit}`).join("")), sum);
    }),
  );
});

Deno.test("formatDuration() uses the units that people would", () => {
  const durations: [ms: number, text: string][] = [
    [0, "0 ms"],
    [849.6, "850 ms"],
    [4_230, "4.2 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min 0 s"],
    [200_000, "3 min 20 s"],
    [3_599_600, "1 h 0 min"],
    [7_500_000, "2 h 5 min"],
  ];
  for (const [ms, text] of durations) assert.equal(formatDuration(ms), text, String(ms));
});

Deno.test("formatBytes() uses binary units", () => {
  const sizes: [bytes: number, text: string][] = [
    [0, "0 B"],
    [512, "512 B"],
    [1_024, "1 KiB"],
    [1_536, "1.5 KiB"],
    [382_730_240, "365 MiB"],
    [5 * 2 ** 40, "5 TiB"],
    [3 * 2 ** 60, "3072 PiB"],
  ];
  for (const [bytes, text] of sizes) assert.equal(formatBytes(bytes), text, String(bytes));
});

Deno.test("parseQuantity() reads the quantities that Kubernetes writes", () => {
  const quantities: [text: string | number, value: number][] = [
    ["150m", 0.15],
    ["2", 2],
    [2, 2],
    ["0.5", 0.5],
    [".5", 0.5],
    ["365Mi", 382_730_240],
    ["1Gi", 2 ** 30],
    ["1G", 1e9],
    ["1k", 1_000],
    ["1e3", 1_000],
    ["12E", 12e18],
    ["-1", -1],
    ["100n", 1e-7],
  ];
  for (const [text, value] of quantities) {
    assert.ok(Math.abs(parseQuantity(text) - value) <= Math.abs(value) * 1e-12, String(text));
  }
});

Deno.test("parseQuantity() refuses what Kubernetes would", () => {
  for (const text of ["", "1K", "1 Gi x", "Gi", "1ki", "1GB", "one"]) {
    assert.throws(() => parseQuantity(text), UsageError, text);
  }
});
