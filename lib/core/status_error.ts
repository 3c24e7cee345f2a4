import { SlipwayError } from "./errors.ts";

/** One cause in a Status. Source: k8s.io/apimachinery, meta/v1 StatusCause. */
export interface StatusCause {
  /** Machine-readable kind of cause, such as `FieldValueInvalid` or `FieldManagerConflict`. */
  reason?: string;
  /** Readable cause. */
  message?: string;
  /** Path of the field, such as `.spec.replicas`. */
  field?: string;
}

/** A failure as the API server tells it. Source: k8s.io/apimachinery, meta/v1 Status. */
export interface Status {
  /** HTTP status code. */
  code: number;
  /** Machine-readable reason, such as `NotFound`, `Conflict` or `Invalid`. */
  reason?: string;
  /** Readable message. */
  message?: string;
  /** More about the failure. */
  details?: {
    /** Name of the object. */
    name?: string;
    /** Group of the object. */
    group?: string;
    /** Kind, or plural, of the object. */
    kind?: string;
    /** Causes, one for each field that is wrong. */
    causes?: StatusCause[];
    /** When to try again, in seconds. */
    retryAfterSeconds?: number;
  };
}

/** The API server refused a request. */
export class StatusError extends SlipwayError {
  /** The server's own words. */
  readonly status: Status;

  /** Make an error from what was tried, such as `apply Deployment shop/web`, and the server's answer. */
  constructor(
    tried: string,
    status: Status,
    details: { remedy?: string; retryable?: boolean } = {},
  ) {
    super(
      `Cannot ${tried}: ${status.message ?? status.reason ?? "no message"} (HTTP ${status.code})`,
      {
        remedy: details.remedy,
        retryable: details.retryable ?? isRetryable(status),
      },
    );
    this.status = status;
  }

  /** Machine-readable reason; empty when the server gave none. */
  get reason(): string {
    return this.status.reason ?? "";
  }
}

/** Whether an error is a {@linkcode StatusError} with one of these reasons. */
export function hasReason(error: unknown, ...reasons: string[]): error is StatusError {
  return error instanceof StatusError && reasons.includes(error.reason);
}

/** Whether the same request may succeed later without anybody's help. */
function isRetryable(status: Status): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status.code);
}
