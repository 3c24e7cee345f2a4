import { SlipwayError } from "./errors.ts";

/** Something that was fetched is not what this project pins. */
export class ChecksumMismatch extends SlipwayError {
  /** Make the error from the thing's name or URL and both sums. */
  constructor(what: string, { found, wanted }: { found: string; wanted: string }) {
    super(`Cannot trust ${what}: its SHA-256 is ${found}, this project pins ${wanted}`, {
      remedy:
        "do not use it; where a mirror is configured, check that it passes files on unchanged",
    });
  }
}

/** SHA-256 of some bytes, in lower-case hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Compare bytes with the sum that is pinned for them.
 *
 * @throws {ChecksumMismatch} when they differ
 */
export async function verifySha256(
  bytes: Uint8Array<ArrayBuffer>,
  wanted: string,
  what: string,
): Promise<void> {
  const found = await sha256(bytes);
  if (found !== wanted) throw new ChecksumMismatch(what, { found, wanted });
}
