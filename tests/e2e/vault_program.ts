import { createRedactor } from "../../lib/core/redact.ts";
import { programPath } from "../../lib/flows/programs.ts";

let found: Promise<string> | undefined;

/** Path of Vault's program: from the cache or PATH, or got and kept there. */
export function vaultProgram(): Promise<string> {
  return found ??= programPath("vault", {
    emit: () => {},
    signal: new AbortController().signal,
    now: Temporal.Now.instant,
    random: Math.random,
    env: (name) => Deno.env.get(name),
    cwd: Deno.cwd(),
    redactor: createRedactor(),
    confirm: () => Promise.resolve(true),
    askSecret: (question) => Promise.reject(new Error(`nobody is here to answer: ${question}`)),
  });
}
