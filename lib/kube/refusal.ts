import { messageOf, type SlipwayError } from "../core/errors.ts";
import { type ObjectRef, subjectOf } from "../core/object.ts";
import { StatusError } from "../core/status_error.ts";

/** Why one object of a plan cannot be applied. */
export interface Refusal {
  /** Why, in the server's own words where it was asked. */
  because: string;
  /** What to do about it. */
  remedy?: string;
}

/**
 * An error of one object as a line tells it that names the object already: without the attempt,
 * and without the stand-in namespace in which a dry run may have taken place.
 */
export function refusalOf(error: SlipwayError, ref: ObjectRef): Refusal {
  const answer = error instanceof StatusError ? error : error.cause;
  const { remedy } = error;
  if (!(answer instanceof StatusError) || answer.status.message === undefined) {
    const because = withoutAttempt(messageOf(error), subjectOf(ref));
    return remedy === undefined ? { because } : { because, remedy };
  }
  const { message, reason } = answer.status;
  const because = message.replace(/^\S+ "[^"]*" is invalid: /, "");
  if (remedy !== undefined) return { because, remedy };
  return isWrong(reason)
    ? { because, remedy: "correct these values in the platform file, then run the command again" }
    : { because };
}

/** Source: k8s.io/apimachinery, meta/v1 StatusReason. */
function isWrong(reason: string | undefined): boolean {
  return reason === "Invalid" || reason === "BadRequest";
}

function withoutAttempt(text: string, subject: string): string {
  const end = text.indexOf(`${subject}: `);
  return /^Cannot \w+ $/.test(text.slice(0, end)) ? text.slice(end + subject.length + 2) : text;
}
