import { createHash } from "node:crypto";
import { SlipwayError } from "../core/errors.ts";
import { formatBytes } from "../core/units.ts";
import type { Measure } from "./record.ts";

/** A stream that passes on what it is given, and counts it. */
export interface Meter extends TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  /** What has passed; to be asked when the stream has ended. */
  measure(): Measure;
  /** Whether all has passed. */
  ended(): boolean;
}

/** Make a {@linkcode Meter}. `onBytes` is told how many bytes have passed. */
export function createMeter(onBytes: (total: number) => void = () => {}): Meter {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let sha256: string | undefined;
  let ended = false;
  const stream = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      onBytes(sizeBytes);
      controller.enqueue(chunk);
    },
    flush: () => void (ended = true),
  });
  return Object.assign(stream, {
    measure: () => ({ sizeBytes, sha256: sha256 ??= hash.digest("hex") }),
    ended: () => ended,
  });
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
