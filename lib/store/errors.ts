import { SlipwayError } from "../core/errors.ts";

/** A store did not do what was asked of it. */
export class StoreError extends SlipwayError {}

/** A write that must not overwrite found an object of its name. */
export class AlreadyStored extends StoreError {
  /** Make the error from the object's name and the store's URL. */
  constructor(name: string, url: string, cause?: unknown) {
    super(`Did not write ${name} to ${url}: there is an object of this name already`, {
      remedy: "leave it, or remove it yourself when you know that it may go",
      cause,
    });
  }
}
