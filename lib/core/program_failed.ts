import { SlipwayError } from "./errors.ts";

/** How a program ended. */
export interface ProgramEnd {
  /** What messages call the program. */
  label: string;
  /** Its exit code; absent where a signal ended it, or it is not known. */
  exitCode?: number;
  /** The signal that ended it, such as `SIGKILL`. */
  signal?: string;
  /** The last lines of its standard error. */
  stderr: string;
}

/** A program ended with another exit code than 0, by a signal, or without telling how. */
export class ProgramFailed extends SlipwayError {
  /** How it ended. */
  readonly end: ProgramEnd;

  /** Make the error from the program's end. */
  constructor(end: ProgramEnd, details: { remedy?: string; cause?: unknown } = {}) {
    const how = end.signal !== undefined
      ? `was ended by ${end.signal}`
      : end.exitCode !== undefined
      ? `ended with exit code ${end.exitCode}`
      : "ended, and nobody told how";
    const words = end.stderr.trim();
    super(`${end.label} ${how}${words === "" ? "" : `: ${words}`}`, details);
    this.end = end;
  }
}
