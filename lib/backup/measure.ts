import { createHash } from "node:crypto";
import { SlipwayError } from "../core/errors.ts";
import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";
import { formatBytes } from "../core/units.ts";
import type { Measure } from "./record.ts";

/** A stream that is counted while it is read. */
export interface Metered {
  /** The same bytes. */
  stream: ByteStream;
  /** What has passed; to be asked when the stream has ended. */
  measure(): Measure;
  /** Whether all has passed. */
  ended(): boolean;
}

/** Count what is read of a stream. `onBytes` is told how many bytes have passed. */
export function metered(stream: ByteStream, onBytes: (total: number) => void = () => {}): Metered {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let sha256: string | undefined;
  let ended = false;
  return {
    stream: reshaped(stream, {
      chunk(bytes) {
        hash.update(bytes);
        sizeBytes += bytes.length;
        onBytes(sizeBytes);
        return bytes;
      },
      end: () => void (ended = true),
    }),
    measure: () => ({ sizeBytes, sha256: sha256 ??= hash.digest("hex") }),
    ended: () => ended,
  };
}

/**
 * Compare what was read with what a record says.
 *
 * @throws {SlipwayError} when they differ
 */
export function checkMeasure(found: Measure, wanted: Measure, what: string): void {
  if (found.sizeBytes !== wanted.sizeBytes) {
    const shape = found.sizeBytes < wanted.sizeBytes ? "cut off" : "longer than it was written";
    throw damaged(
      `${what} is ${shape}: it has ${found.sizeBytes} bytes (${
        formatBytes(found.sizeBytes)
      }), wanted ${wanted.sizeBytes}`,
    );
  }
  if (found.sha256 !== wanted.sha256) {
    throw damaged(`${what} was changed: its SHA-256 is ${found.sha256}, wanted ${wanted.sha256}`);
  }
}

/** That bytes of a backup are not those that were written. */
export function damaged(message: string, cause?: unknown): SlipwayError {
  return new SlipwayError(`Refused a backup: ${message}`, {
    cause,
    remedy: "use another backup, and look after the store that gave this one back",
  });
}
