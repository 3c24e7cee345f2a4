import assert from "node:assert/strict";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import { createPlainRenderer } from "../../lib/ui/plain.ts";
import { fakeClock, fakeScreen } from "./fakes.ts";

function setup() {
  const clock = fakeClock();
  const stdout = fakeScreen();
  const stderr = fakeScreen();
  return { clock, stdout, stderr, renderer: createPlainRenderer({ stdout, stderr, clock }) };
}

Deno.test("without a terminal a stage is one line at its start and one at its end", () => {
  const { clock, stdout, stderr, renderer } = setup();
  renderer.emit({ type: "stage", stage: "Apply", state: "started" });
  renderer.emit({ type: "stage", stage: "Apply", state: "progress", done: 1, total: 2 });
  clock.pass(1_200);
  renderer.emit({ type: "stage", stage: "Apply", state: "done", detail: "2 objects" });
  assert.equal(stderr.text, "Apply ...\nApply: done in 1.2 s: 2 objects\n");
  assert.equal(stdout.text, "");
});

Deno.test("a long stage without a terminal says every 15 seconds that it goes on, and why", () => {
  const { clock, stderr, renderer } = setup();
  renderer.emit({ type: "stage", stage: "Wait", state: "started", done: 0, total: 3 });
  renderer.emit({
    type: "wait",
    subject: "Deployment shop/web",
    state: "waiting",
    because: "no node fits",
  });
  clock.pass(31_000);
  renderer.emit({ type: "stage", stage: "Wait", state: "failed", detail: "gave up" });
  clock.pass(60_000);
  assert.deepEqual(stderr.text.split("\n"), [
    "Wait ...",
    "Wait: 0 of 3, Deployment shop/web: no node fits (15.0 s)",
    "Wait: 0 of 3, Deployment shop/web: no node fits (30.0 s)",
    "Wait: failed after 31.0 s: gave up",
    "",
  ]);
  assert.equal(clock.timers(), 0);
});

Deno.test("results go to standard output, progress to standard error", () => {
  const { stdout, stderr, renderer } = setup();
  const events: SlipwayEvent[] = [
    { type: "target", embedded: true, name: "slipway", server: "https://127.0.0.1:6443" },
    { type: "note", level: "warning", message: "old API", remedy: "use v1" },
    { type: "change", phase: "plan", action: "created", subject: "Namespace shop" },
    { type: "change", phase: "plan", action: "unchanged", subject: "Namespace other" },
    { type: "table", title: "What runs", columns: ["name"], rows: [["web"]] },
    { type: "summary", created: 1, configured: 0, unchanged: 1, failed: 0, durationMs: 900 },
  ];
  events.forEach(renderer.emit);
  renderer.print("kind: Namespace");
  assert.deepEqual(stdout.text.split("\n"), [
    "+ Namespace shop created",
    "",
    "What runs",
    "name",
    "web",
    "1 created, 0 configured, 1 unchanged in 900 ms",
    "kind: Namespace",
    "",
  ]);
  assert.deepEqual(stderr.text.split("\n"), [
    "Target: embedded cluster slipway at https://127.0.0.1:6443",
    "warning: old API",
    "  remedy: use v1",
    "",
  ]);
});

Deno.test("control characters from elsewhere never reach plain output", () => {
  const { stdout, stderr, renderer } = setup();
  const evil = "a\u001b[2Jb\rc\u0007";
  const events: SlipwayEvent[] = [
    { type: "target", embedded: false, name: evil },
    { type: "stage", stage: evil, state: "started", detail: evil },
    { type: "stage", stage: evil, state: "done", detail: evil },
    { type: "note", level: "info", message: evil, remedy: evil },
    { type: "wait", subject: evil, state: "failed", because: evil },
    { type: "change", phase: "plan", action: "failed", subject: evil, because: evil, diff: [evil] },
    { type: "table", title: evil, columns: [evil], rows: [[evil]] },
    { type: "summary", [evil]: evil },
  ];
  events.forEach(renderer.emit);
  renderer.problem({ message: evil, remedy: evil, exitCode: 1, retryable: false, stack: evil });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stdout.text + stderr.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

Deno.test("a run that ends in the middle of a stage says so", () => {
  const { clock, stderr, renderer } = setup();
  renderer.emit({ type: "stage", stage: "Apply", state: "started" });
  clock.pass(3_000);
  renderer.close();
  assert.equal(stderr.text, "Apply ...\nApply: stopped after 3.0 s\n");
  assert.equal(clock.timers(), 0);
});
