import { formatBytes, formatDuration } from "../core/units.ts";
import type { BackupRecord } from "./record.ts";
import type { Verification } from "./verification.ts";

/** How long a restore is likely to take. */
export interface RecoveryEstimate {
  /** Likely time, in milliseconds; never less than was measured. */
  durationMs: number;
  /** What was measured, in milliseconds. */
  measuredMs: number;
  /** Size of what was restored then, in bytes. */
  measuredBytes: number;
  /** Size of what would be restored now, in bytes. */
  currentBytes: number;
}

/**
 * How long a restore of what there is now is likely to take, by what was measured when a backup was restored, in
 * proportion to the sizes. Undefined where the backup had no size to compare with.
 *
 * Index builds take a little more than in proportion, and a real restore also waits for people and machines: it is
 * a lower bound, against which an objective can be refuted rather than proved.
 *
 * @param currentBytes size of the thing now, in bytes, as the record's details tell it as `sizeBytes`, or else as large as
 * its objects are before compression @default as it was then
 */
export function recoveryEstimate(
  record: Pick<BackupRecord, "objects" | "details">,
  verification: Pick<Verification, "durationMs">,
  currentBytes: number = sizeAtBackup(record),
): RecoveryEstimate | undefined {
  const measuredBytes = sizeAtBackup(record);
  if (measuredBytes === 0) return undefined;
  const measuredMs = verification.durationMs;
  const factor = Math.max(1, currentBytes / measuredBytes);
  return { durationMs: Math.round(measuredMs * factor), measuredMs, measuredBytes, currentBytes };
}

/** Size of a thing when it was backed up, in bytes: as it was there, or else as its dump was. */
export function sizeAtBackup(
  { objects, details }: Pick<BackupRecord, "objects" | "details">,
): number {
  const { sizeBytes } = details;
  if (typeof sizeBytes === "number" && sizeBytes > 0) return sizeBytes;
  return objects.reduce((sum, { plain }) => sum + plain.sizeBytes, 0);
}

/**
 * An estimate for people, and whether an objective allows that long: `about 2 h 10 min, by the 13 min 0 s that 1 GiB
 * took; it is 10 GiB now; longer than the 2 h 0 min that data allows`.
 */
export function recoveryText(
  { durationMs, measuredMs, measuredBytes, currentBytes }: RecoveryEstimate,
  objective?: { name: string; allowedMs: number },
): string {
  const took = `${formatDuration(measuredMs)} that ${formatBytes(measuredBytes)} took`;
  const grown = durationMs > measuredMs ? `; it is ${formatBytes(currentBytes)} now` : "";
  const estimate = `about ${formatDuration(durationMs)}, by the ${took}${grown}`;
  if (objective === undefined) return estimate;
  const { name, allowedMs } = objective;
  return `${estimate}; ${durationMs > allowedMs ? "longer than" : "within"} the ${
    formatDuration(allowedMs)
  } that ${name} allows`;
}
