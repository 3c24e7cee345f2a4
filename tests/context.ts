import type { Context } from "../lib/core/context.ts";
import type { SlipwayEvent } from "../lib/core/events.ts";
import { createRedactor } from "../lib/core/redact.ts";

/** A context of a test. */
export interface TestContext extends Context {
  /** All that it was told, unless `emit` is another one. */
  events: SlipwayEvent[];
}

/** A context with an empty environment, where everything is confirmed and no secret is typed. */
export function testContext(changes: Partial<Context> = {}): TestContext {
  const events: SlipwayEvent[] = [];
  return {
    events,
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    now: Temporal.Now.instant,
    random: Math.random,
    env: () => undefined,
    cwd: "/",
    redactor: createRedactor(),
    confirm: () => Promise.resolve(true),
    askSecret: (question) => Promise.reject(new Error(`nobody is here to answer: ${question}`)),
    ...changes,
  };
}

/** A context in this process's folder, with its environment. */
export function hostContext(changes: Partial<Context> = {}): TestContext {
  return testContext({ env: (name) => Deno.env.get(name), cwd: Deno.cwd(), ...changes });
}
