import type { Renderer } from "./renderer.ts";

/**
 * A renderer that gets to see no secret. They go before anything is cut, folded or
 * escaped: half a secret, or an escaped one, would not be recognised.
 */
export function redacted(renderer: Renderer, redact: (text: string) => string): Renderer {
  return {
    ...renderer,
    emit: (event) => renderer.emit(redactDeep(event, redact)),
    print: (text) => renderer.print(redact(text)),
    problem: (problem) => renderer.problem(redactDeep(problem, redact)),
  };
}

/** A copy of plain data in which each string has gone through `redact`. */
function redactDeep<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === "string") return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)]),
  ) as T;
}
