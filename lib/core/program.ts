/** Bytes while they come or go. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** A program that is to be run, on this machine or in a pod. */
export interface Program {
  /** Its name or path, then its arguments, which everybody on that machine can read. */
  argv: readonly [string, ...string[]];
  /** Variables that it gets besides those that it finds there. A pod takes none: see {@linkcode RunProgram}. */
  env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input; nothing when absent. */
  stdin?: ByteStream;
  /** What messages call it. @default its name */
  label?: string;
}

/** A program that runs. */
export interface RunningProgram {
  /**
   * What it prints. The stream ends only when the program ended with exit code 0; otherwise it fails with the
   * `ProgramFailed` that `done` rejects with. Cancelling it ends the program.
   */
  stdout: ByteStream;
  /** Resolves when the program ended with exit code 0, whether or not its output was read to the end. */
  done: Promise<void>;
  /** The last lines that it printed to its standard error so far. */
  stderr(): string;
}

/**
 * Starts a program. Aborting the signal ends it, with its children.
 *
 * @throws {SlipwayError} when it cannot be started; in a pod also when `env` is given, since nothing could carry it there
 * without showing it
 */
export type RunProgram = (
  program: Program,
  options: { signal: AbortSignal },
) => Promise<RunningProgram>;
