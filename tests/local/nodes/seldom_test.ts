import assert from "node:assert/strict";
import { seldom } from "../../../lib/local/nodes/seldom.ts";

Deno.test("a message that comes again and again is told once in half a minute, with a count", () => {
  const told: string[] = [];
  let now = Temporal.Instant.from("2026-11-21T06:00:00Z");
  const tell = seldom(() => now, (message) => told.push(message));
  for (let second = 0; second < 30; second++) {
    tell("no answer");
    now = now.add({ seconds: 1 });
  }
  assert.deepEqual(told, ["no answer"]);
  tell("no answer");
  assert.deepEqual(told, ["no answer", "no answer (and 29 times more since)"]);
});

Deno.test("another message is told at once", () => {
  const told: string[] = [];
  const now = Temporal.Instant.from("2026-11-21T06:00:00Z");
  const tell = seldom(() => now, (message) => told.push(message));
  tell("no answer");
  tell("refused");
  assert.deepEqual(told, ["no answer", "refused"]);
});
