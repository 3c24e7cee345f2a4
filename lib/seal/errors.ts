import { type ErrorDetails, SlipwayError, UsageError } from "../core/errors.ts";

/** What was given as a sealed value, a certificate or a key cannot be one. */
export class Malformed extends UsageError {}

/** A certificate must not be used for sealing: it is expired, not valid yet, or not the pinned one. */
export class CertificateRefused extends SlipwayError {
  /** Make the error; its exit code is that of a wrong configuration. */
  constructor(message: string, details: Omit<ErrorDetails, "exitCode"> = {}) {
    super(message, { ...details, exitCode: 2 });
  }
}

/** None of the keys opens a sealed value: it was sealed for another key, or for another name, namespace or scope. */
export class CannotUnseal extends SlipwayError {}
