import { SlipwayError } from "../core/errors.ts";

/** An archive is not what mongodump writes when all goes well. */
export class ArchiveDamaged extends SlipwayError {
  /** Make the error from the words that follow "an archive of mongodump". */
  constructor(because: string, cause?: unknown) {
    super(`Refused an archive of mongodump: ${because}`, {
      remedy: "take another one; if it stays so, look at what mongodump and the server say",
      cause,
    });
  }
}
