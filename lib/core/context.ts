import type { Emit } from "./events.ts";
import type { Redactor } from "./redact.ts";

/**
 * What a flow needs of the world around it. Tasks make one from the real
 * world; tests make one from literals.
 */
export interface Context {
  /** Receives what the flow tells while it runs. */
  emit: Emit;
  /** Aborted when the user interrupts or the run's deadline passes. */
  signal: AbortSignal;
  /** The time now. Durations are measured by differences of it. */
  now: () => Temporal.Instant;
  /** A random number in [0, 1), for jitter. */
  random: () => number;
  /** The value of an environment variable. */
  env: (name: string) => string | undefined;
  /** The folder that paths which people typed are relative to. */
  cwd: string;
  /** Knows the secrets that must not appear in any text. */
  redactor: Redactor;
  /**
   * Ask a question whose answer is yes or no; where `typed` is given, only that text, typed whole, is a yes. Without a
   * terminal and without `--yes` it throws a {@linkcode UsageError} that names `--yes`.
   */
  confirm: (question: string, typed?: string) => Promise<boolean>;
  /**
   * Ask for a secret, which is not shown while it is typed, and which the redactor then knows. Without a terminal
   * it throws a {@linkcode UsageError} whose remedy says how the secret can be given instead.
   */
  askSecret: (question: string, remedy: string) => Promise<string>;
}
