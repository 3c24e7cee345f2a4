import assert from "node:assert/strict";
import { Interrupted, TimedOut } from "../../../lib/core/errors.ts";
import { createInterruption } from "../../../tasks/shared/interruption.ts";

function setup(timeoutMs?: number) {
  let interrupt = () => {};
  let isListening = false;
  let nowMs = 0;
  const told: string[] = [];
  const interruption = createInterruption({
    timeoutMs,
    onInterrupt(listener) {
      interrupt = listener;
      isListening = true;
      return () => isListening = false;
    },
    nowMs: () => nowMs,
    announce: () => told.push("announced"),
    force: (code) => told.push(`forced ${code}`),
  });
  return {
    interruption,
    told,
    isListening: () => isListening,
    interruptAt(ms: number) {
      nowMs = ms;
      interrupt();
    },
  };
}

Deno.test("the first interrupt ends the run in order", () => {
  const { interruption, interruptAt, told } = setup();
  interruptAt(100);
  assert.ok(interruption.signal.reason instanceof Interrupted);
  assert.deepEqual(told, ["announced"]);
  interruption.close();
});

Deno.test("an interrupt within a second of the first is the same key press", () => {
  const { interruption, interruptAt, told } = setup();
  for (const ms of [100, 105, 1_099]) interruptAt(ms);
  assert.deepEqual(told, ["announced"]);
  interruption.close();
});

Deno.test("an interrupt a second after the first ends the run at once", () => {
  const { interruption, interruptAt, told } = setup();
  for (const ms of [100, 105, 1_100]) interruptAt(ms);
  assert.deepEqual(told, ["announced", "forced 130"]);
  interruption.close();
});

Deno.test("a deadline aborts with a TimedOut that names --timeout", async () => {
  const { interruption, told } = setup(1);
  const reason = await new Promise((resolve) =>
    interruption.signal.addEventListener("abort", () => resolve(interruption.signal.reason))
  );
  assert.ok(reason instanceof TimedOut);
  assert.match(reason.message, /1 ms, the time that --timeout gives/);
  assert.deepEqual(told, []);
  interruption.close();
});

Deno.test("a closed interruption listens no more, and leaves no timer", () => {
  const { interruption, isListening } = setup(60_000);
  assert.equal(isListening(), true);
  interruption.close();
  assert.equal(isListening(), false);
  assert.equal(interruption.signal.aborted, false);
});
