import assert from "node:assert/strict";
import fc from "fast-check";
import { endedLine, liveLine } from "../../lib/ui/live.ts";
import { createPaint } from "../../lib/ui/paint.ts";
import { columnsOf } from "../../lib/ui/text.ts";

const paint = createPaint(false);
const stage = { stage: "Apply workloads", startedMs: 0 };

Deno.test("a live line has spinner, name, bar, elapsed time and detail", () => {
  assert.equal(
    liveLine({ ...stage, done: 3, total: 12, detail: "Deployment shop/web" }, {
      nowMs: 4_250,
      width: 100,
      paint,
    }),
    "⠹ Apply workloads ━━━━──────────── 3/12 4 s Deployment shop/web",
  );
});

Deno.test("a live line of bytes tells the share that is done, not their number", () => {
  const bytes = { ...stage, done: 67_108_864, total: 130_890_136, detail: "64 MiB of 125 MiB" };
  assert.equal(
    liveLine(bytes, { nowMs: 3_000, width: 100, paint }),
    "⠋ Apply workloads ━━━━━━━━──────── 51 % 3 s 64 MiB of 125 MiB",
  );
});

Deno.test("a live line on a narrow terminal has a shorter bar", () => {
  assert.equal(
    liveLine({ ...stage, done: 3, total: 12 }, { nowMs: 0, width: 80, paint }),
    "⠋ Apply workloads ━━────── 3/12 0 s",
  );
});

Deno.test("a live line without a count has no bar", () => {
  assert.equal(liveLine(stage, { nowMs: 0, width: 80, paint }), "⠋ Apply workloads 0 s");
});

Deno.test("the spinner of a live line turns with time, and minutes are told as minutes", () => {
  assert.equal(
    liveLine(stage, { nowMs: 80_100, width: 80, paint }),
    "⠙ Apply workloads 1 min 20 s",
  );
});

Deno.test("a live line cuts its detail first", () => {
  assert.equal(
    liveLine({ ...stage, detail: "waiting for the API server" }, { nowMs: 0, width: 30, paint }),
    "⠋ Apply workloads 0 s waiting…",
  );
});

Deno.test("a live line never takes more than the terminal's width, coloured or not", () => {
  fc.assert(
    fc.property(
      fc.record({
        stage: fc.string({ unit: "grapheme" }),
        detail: fc.string({ unit: "grapheme" }),
        done: fc.nat(30),
        total: fc.nat(20),
      }),
      fc.integer({ min: 1, max: 120 }),
      fc.boolean(),
      (fields, width, isColoured) => {
        const view = { nowMs: 5_000, width, paint: createPaint(isColoured) };
        assert.ok(columnsOf(liveLine({ ...fields, startedMs: 0 }, view)) <= width);
      },
    ),
  );
});

Deno.test("the line of an ended stage tells how it ended and how long it took", () => {
  const ended = { stage: "Apply workloads", durationMs: 1_234, detail: "12 objects" };
  assert.equal(endedLine({ ...ended, state: "done" }, paint), "✓ Apply workloads 1.2 s 12 objects");
  assert.equal(
    endedLine({ ...ended, state: "failed" }, paint),
    "✗ Apply workloads 1.2 s 12 objects",
  );
  assert.equal(
    endedLine({ stage: "Build", state: "skipped", detail: "cached" }, paint),
    "- Build skipped cached",
  );
  assert.equal(endedLine({ stage: "Build", state: "stopped" }, paint), "✗ Build stopped");
});

Deno.test("the line of an ended stage is never cut", () => {
  const detail = "pod web-7db8 is CrashLoopBackOff: exit 1: ".repeat(10).trim();
  assert.ok(endedLine({ stage: "Wait", state: "failed", detail }, paint).endsWith(detail));
});
