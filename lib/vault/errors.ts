import { ExitCode, SlipwayError } from "../core/errors.ts";

/** Why a Vault did not do what was asked. */
export type VaultProblem =
  | "sealed"
  | "not-initialized"
  | "no-leader"
  | "standby"
  | "quorum-lost"
  | "seal-unavailable"
  | "unreachable"
  | "name-not-resolved"
  | "unknown-ca"
  | "other-name"
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "certificate-invalid"
  | "protocol"
  | "not-permitted"
  | "timed-out"
  | "no-token"
  | "token-ended"
  | "permission-denied"
  | "rate-limited"
  | "not-found"
  | "invalid"
  | "failed";

/** What a {@linkcode VaultError} knows besides its message. */
export interface VaultErrorDetails {
  /** What went wrong. */
  problem: VaultProblem;
  /** Where the Vault is. */
  address: string;
  /** What the reader can do about it. */
  remedy?: string;
  /** Whether the same request may succeed later without anybody's help. @default false */
  retryable?: boolean;
  /** HTTP status code, where it answered. */
  status?: number;
  /** What it answered. */
  errors?: readonly string[];
  /** True when it cannot have seen the request. */
  unsent?: boolean;
  /** The error that led to this one. */
  cause?: unknown;
}

/** A Vault refused a request, or could not be reached. */
export class VaultError extends SlipwayError {
  /** What went wrong. */
  readonly problem: VaultProblem;
  /** Where the Vault is. */
  readonly address: string;
  /** HTTP status code; undefined where it did not answer. */
  readonly status: number | undefined;
  /** What it answered, without secrets. */
  readonly errors: readonly string[];
  /** True when it cannot have seen the request, so that any request may be repeated. */
  readonly unsent: boolean;

  /** Make an error from a message without a final period, and what else is known. */
  constructor(message: string, details: VaultErrorDetails) {
    super(message, {
      remedy: details.remedy,
      retryable: details.retryable,
      cause: details.cause,
      exitCode: details.problem === "timed-out" ? ExitCode.timedOut : ExitCode.failed,
    });
    this.problem = details.problem;
    this.address = details.address;
    this.status = details.status;
    this.errors = details.errors ?? [];
    this.unsent = details.unsent ?? false;
  }
}

/** Whether an error is a {@linkcode VaultError} of one of these problems. */
export function hasProblem(error: unknown, ...problems: VaultProblem[]): error is VaultError {
  return error instanceof VaultError && problems.includes(error.problem);
}
