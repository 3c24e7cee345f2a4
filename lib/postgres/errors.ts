import { ExitCode, SlipwayError } from "../core/errors.ts";

/** Why a Postgres did not do what was asked. */
export type PostgresProblem =
  | "unreachable"
  | "name-not-resolved"
  | "timed-out"
  | "tls-refused"
  | "tls-required"
  | "unknown-ca"
  | "other-name"
  | "certificate-invalid"
  | "client-certificate"
  | "wrong-password"
  | "not-admitted"
  | "no-login"
  | "no-database"
  | "no-role"
  | "no-permission"
  | "read-only"
  | "starting"
  | "too-many-connections"
  | "locked"
  | "conflict"
  | "too-many-locks"
  | "too-large"
  | "failed";

/** What a {@linkcode PostgresError} knows besides its message. */
export interface PostgresErrorDetails {
  /** What went wrong. */
  problem: PostgresProblem;
  /** What the reader can do about it. */
  remedy?: string;
  /** Whether the same may succeed later without anybody's help. @default false */
  retryable?: boolean;
  /** Error code of the server. Source: PostgreSQL, Appendix A, "PostgreSQL Error Codes". */
  sqlState?: string;
  /** The error that led to this one. */
  cause?: unknown;
}

/** A Postgres refused something, or could not be reached. */
export class PostgresError extends SlipwayError {
  /** What went wrong. */
  readonly problem: PostgresProblem;
  /** Error code of the server; undefined where it did not answer. */
  readonly sqlState: string | undefined;

  /** Make an error from a message without a final period, and what else is known. */
  constructor(message: string, details: PostgresErrorDetails) {
    super(message, {
      remedy: details.remedy,
      retryable: details.retryable,
      cause: details.cause,
      exitCode: details.problem === "timed-out" ? ExitCode.timedOut : ExitCode.failed,
    });
    this.problem = details.problem;
    this.sqlState = details.sqlState;
  }
}

/** Whether an error is a {@linkcode PostgresError} of one of these problems. */
export function hasPostgresProblem(
  error: unknown,
  ...problems: PostgresProblem[]
): error is PostgresError {
  return error instanceof PostgresError && problems.includes(error.problem);
}
