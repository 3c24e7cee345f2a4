/** Exit codes of every task; `docs/exit-codes.md` explains them to users. */
export const ExitCode = {
  /** All that was asked for is done. */
  done: 0,
  /** Nothing, or not enough, could be done. */
  failed: 1,
  /** The command line or a configuration file is wrong; nothing was changed. */
  usage: 2,
  /** Some parts are done and safe, others failed. */
  partly: 3,
  /** A deadline passed. */
  timedOut: 4,
  /** `diff` or `status` found differences. */
  differences: 5,
  /** The user interrupted the run. */
  interrupted: 130,
} as const;

/** One of the numbers in {@linkcode ExitCode}. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/** What an error knows besides its message. */
export interface ErrorDetails {
  /** What the reader can do about it, as an imperative without a final period. */
  remedy?: string;
  /** Exit code of the task that ends with this error. @default ExitCode.failed */
  exitCode?: ExitCode;
  /** True when the same call may succeed later without anybody's help. @default false */
  retryable?: boolean;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * Base of all errors that Slipway throws on purpose. The message says what was
 * tried, the value found and the value wanted, without a final period.
 */
export class SlipwayError extends Error {
  /** What the reader can do about it. */
  readonly remedy: string | undefined;
  /** Exit code of the task that ends with this error. */
  readonly exitCode: ExitCode;
  /** True when the same call may succeed later without anybody's help. */
  readonly retryable: boolean;

  /** Make an error from its message and what else is known. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.remedy = details.remedy;
    this.exitCode = details.exitCode ?? ExitCode.failed;
    this.retryable = details.retryable ?? false;
  }
}

/** The command line or a configuration file is wrong. */
export class UsageError extends SlipwayError {
  /** Make a usage error; its exit code is 2. */
  constructor(message: string, details: Omit<ErrorDetails, "exitCode"> = {}) {
    super(message, { ...details, exitCode: ExitCode.usage });
  }
}

/** A deadline passed. The message names the resource and the cause, not only the clock. */
export class TimedOut extends SlipwayError {
  /** Make a time-out; its exit code is 4. */
  constructor(message: string, details: Omit<ErrorDetails, "exitCode"> = {}) {
    super(message, { ...details, exitCode: ExitCode.timedOut });
  }
}

/** The user, or a signal, stopped the run. */
export class Interrupted extends SlipwayError {
  /** Make an interruption; its exit code is 130. */
  constructor(message = "Interrupted", details: Omit<ErrorDetails, "exitCode"> = {}) {
    super(message, { ...details, exitCode: ExitCode.interrupted });
  }
}

/** The message of anything that was thrown, with the message of its cause where that adds something. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined || error instanceof SlipwayError
    ? undefined
    : messageOf(error.cause);
  return cause === undefined || error.message.includes(cause)
    ? error.message
    : `${error.message}: ${cause}`;
}
