import type { Context } from "../../../lib/core/context.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { createRedactor } from "../../../lib/core/redact.ts";

/** A context of tests, with all that was told. */
export function testContext(changes: Partial<Context> = {}): Context & { events: SlipwayEvent[] } {
  const events: SlipwayEvent[] = [];
  return {
    events,
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    now: () => Temporal.Instant.from("2026-11-21T12:00:00Z"),
    random: () => 0,
    env: () => undefined,
    cwd: "/",
    redactor: createRedactor(),
    confirm: () => Promise.resolve(true),
    askSecret: (question) => Promise.reject(new Error(`nobody answers: ${question}`)),
    ...changes,
  };
}
