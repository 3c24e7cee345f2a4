import assert from "node:assert/strict";
import { createLiveRenderer } from "../../lib/ui/live_renderer.ts";
import { createPaint } from "../../lib/ui/paint.ts";
import { fakeClock, fakeScreen, terminalRows } from "./fakes.ts";

function setup(size: { columns?: number; rows?: number } = {}) {
  const clock = fakeClock();
  const screen = fakeScreen({ isTerminal: true, ...size });
  const renderer = createLiveRenderer({
    stdout: screen,
    stderr: screen,
    clock,
    paint: createPaint(false),
  });
  return { clock, renderer, shown: () => terminalRows(screen.text), screen };
}

Deno.test("on a terminal a stage is one line that moves, and then stays", () => {
  const { clock, renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Start etcd", state: "started" });
  clock.pass(1_000);
  assert.deepEqual(shown(), { rows: ["⠋ Start etcd 1 s"], isCursorShown: false });
  renderer.emit({ type: "stage", stage: "Start etcd", state: "done" });
  assert.deepEqual(shown(), { rows: ["✓ Start etcd 1.0 s", ""], isCursorShown: true });
});

Deno.test("stages that go on side by side have a line each, and what ends moves above them", () => {
  const { renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Build etcd", state: "started" });
  renderer.emit({ type: "stage", stage: "Build kwok", state: "started" });
  assert.deepEqual(shown().rows, ["⠋ Build etcd 0 s", "⠋ Build kwok 0 s"]);
  renderer.emit({ type: "stage", stage: "Build etcd", state: "done", durationMs: 5_000 });
  assert.deepEqual(shown().rows, ["✓ Build etcd 5.0 s", "⠋ Build kwok 0 s"]);
});

Deno.test("lines that stay are written above the live line", () => {
  const { renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Plan", state: "started" });
  renderer.emit({
    type: "change",
    phase: "plan",
    action: "created",
    subject: "Namespace shop",
  });
  assert.deepEqual(shown().rows, ["+ Namespace shop created", "⠋ Plan 0 s"]);
});

Deno.test("what is waited for shows on the live line with its cause", () => {
  const { clock, renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Wait", state: "started" });
  for (const name of ["web", "job"]) {
    renderer.emit({
      type: "wait",
      subject: `Deployment shop/${name}`,
      state: "waiting",
      because: "1 of 3 replicas available",
    });
  }
  clock.pass(100);
  assert.deepEqual(shown().rows, [
    "⠙ Wait 0 s Deployment shop/web: 1 of 3 replicas available, and 1 more",
  ]);
  renderer.emit({ type: "wait", subject: "Deployment shop/web", state: "ready", because: "" });
  clock.pass(100);
  assert.deepEqual(shown().rows, ["⠹ Wait 0 s Deployment shop/job: 1 of 3 replicas available"]);
});

Deno.test("the timer runs only while a stage goes on", () => {
  const { clock, renderer } = setup();
  assert.equal(clock.timers(), 0);
  renderer.emit({ type: "stage", stage: "Plan", state: "started" });
  assert.equal(clock.timers(), 1);
  renderer.emit({ type: "stage", stage: "Plan", state: "done" });
  assert.equal(clock.timers(), 0);
});

Deno.test("an end in the middle of a stage gives the cursor back and says what was stopped", () => {
  const { clock, renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Plan", state: "started" });
  clock.pass(2_000);
  renderer.close();
  renderer.problem({
    message: "Interrupted",
    remedy: "run it again",
    exitCode: 130,
    retryable: false,
  });
  assert.equal(clock.timers(), 0);
  assert.deepEqual(shown(), {
    rows: ["✗ Plan stopped 2.0 s", "error: Interrupted", "  remedy: run it again", ""],
    isCursorShown: true,
  });
});

Deno.test("a question finds the screen without live lines, and the stage goes on after it", () => {
  const { clock, renderer, shown } = setup();
  renderer.emit({ type: "stage", stage: "Plan", state: "started" });
  renderer.pause();
  assert.deepEqual(shown(), { rows: [""], isCursorShown: true });
  clock.pass(1_000);
  assert.deepEqual(shown().rows, [""]);
  renderer.emit({ type: "stage", stage: "Plan", state: "progress", detail: "asked" });
  assert.deepEqual(shown().rows, ["⠋ Plan 1 s asked"]);
});

Deno.test("a live region never has more lines than the terminal has rows", () => {
  const { renderer, shown } = setup({ rows: 3 });
  for (const stage of ["a", "b", "c", "d"]) {
    renderer.emit({ type: "stage", stage, state: "started" });
  }
  assert.deepEqual(shown().rows, ["⠋ c 0 s", "⠋ d 0 s"]);
});

Deno.test("what a plan showed is not shown again when it is applied, unless it came out differently", () => {
  const { renderer, shown } = setup();
  const change = { type: "change", subject: "Service shop/web" } as const;
  renderer.emit({ ...change, phase: "plan", action: "configured", diff: ["~ spec.port: 1 → 2"] });
  renderer.emit({ ...change, phase: "apply", action: "configured" });
  renderer.emit({ ...change, phase: "apply", action: "failed", because: "denied" });
  assert.deepEqual(shown().rows, [
    "~ Service shop/web configured",
    "    ~ spec.port: 1 → 2",
    "✗ Service shop/web failed: denied",
    "",
  ]);
});

Deno.test("however many events come, the live line is drawn again by the timer alone", () => {
  const { clock, renderer, screen } = setup();
  renderer.emit({ type: "stage", stage: "Apply", state: "started", total: 500 });
  const before = screen.text;
  for (let done = 1; done <= 500; done++) {
    renderer.emit({ type: "stage", stage: "Apply", state: "progress", done });
  }
  assert.equal(screen.text, before);
  clock.pass(100);
  assert.match(screen.text.slice(before.length), /500\/500/);
});
