import { SlipwayError } from "./errors.ts";

/** Something that was fetched is not what was wanted, and was not kept. */
export class ChecksumMismatch extends SlipwayError {
  /** Make the error from the thing's name or URL and both SHA-256 sums. */
  constructor(what: string, { found, wanted }: { found: string; wanted: string }) {
    super(`Refused ${what}: its SHA-256 is ${found}, wanted ${wanted}; it was not kept`, {
      remedy:
        "try again; if it stays so, do not trust this source: name a mirror with SLIPWAY_MIRROR, or build from Go modules with SLIPWAY_MIRROR=off",
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
