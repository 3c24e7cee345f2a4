import assert from "node:assert/strict";
import type { SlipwayEvent } from "../../lib/core/events.ts";
import { step } from "../../lib/core/steps.ts";

function setup(signal = new AbortController().signal) {
  const events: SlipwayEvent[] = [];
  let nowMs = 0;
  const context = {
    emit: (event: SlipwayEvent) => void events.push(event),
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    signal,
  };
  return { events, context, pass: (ms: number) => nowMs += ms };
}

Deno.test("step() tells its start, its progress and its end with the time it took", async () => {
  const { events, context, pass } = setup();
  const result = await step(context, "Apply", (progress) => {
    progress("Service web", 1, 2);
    pass(1_500);
    return Promise.resolve(2);
  }, (count) => `${count} objects`);
  assert.equal(result, 2);
  assert.deepEqual(events, [
    { type: "stage", stage: "Apply", state: "started" },
    { type: "stage", stage: "Apply", state: "progress", detail: "Service web", done: 1, total: 2 },
    { type: "stage", stage: "Apply", state: "done", durationMs: 1_500, detail: "2 objects" },
  ]);
});

Deno.test("step() tells its failure and passes the error on", async () => {
  const { events, context, pass } = setup();
  const error = new Error("no");
  const failing = step(context, "Apply", () => {
    pass(10);
    return Promise.reject(error);
  });
  await assert.rejects(failing, (thrown) => thrown === error);
  assert.deepEqual(events.at(-1), {
    type: "stage",
    stage: "Apply",
    state: "failed",
    durationMs: 10,
  });
});

Deno.test("step() does not begin once the run is over", async () => {
  const reason = new Error("stop");
  const { events, context } = setup(AbortSignal.abort(reason));
  await assert.rejects(step(context, "Apply", () => Promise.resolve()), (e) => e === reason);
  assert.deepEqual(events, []);
});

Deno.test("step() takes no less than no time, where the clock is set back meanwhile", async () => {
  const { events, context, pass } = setup();
  await step(context, "Apply", () => Promise.resolve(pass(-86_400_000)));
  assert.deepEqual(events.at(-1), { type: "stage", stage: "Apply", state: "done", durationMs: 0 });
});
