import type { FaultRow } from "./backup_fault_run.ts";

/** Rows of one fault, by the phase that it happens in. */
export function faults(
  task: FaultRow["task"],
  fault: string,
  common: Pick<FaultRow, "ends"> & Partial<FaultRow>,
  phases: Readonly<Record<string, Pick<FaultRow, "arrange"> & Partial<FaultRow>>>,
): FaultRow[] {
  return Object.entries(phases).map(([phase, row]) => ({ task, fault, phase, ...common, ...row }));
}

/** What a store answers that cannot, or will not. Sources: Amazon S3, "Error responses"; MinIO, cmd/api-errors.go. */
export const answers = {
  internalError: { status: 500, code: "InternalError" },
  slowDown: (seconds: number) => ({
    ...{ status: 503, code: "SlowDown" },
    headers: { "retry-after": String(seconds) },
  }),
  expired: { status: 403, code: "ExpiredToken" },
  full: { status: 507, code: "XMinioStorageFull" },
  gone: { status: 404, code: "NoSuchBucket" },
};

/** What is said when the server is away. */
export const away = {
  /** It ended, and starts again. */
  ended:
    /closed the connection|connection was closed|terminat|recovery|not yet accepting|starting up/,
  /** The connection did. */
  cut: /closed the connection|connection was closed|cannot be reached|does not answer/i,
};

/** Patience for a store that does not come to itself, in seconds. */
export const impatient = { SLIPWAY_STORE_RETRY_SECONDS: "0.4" };
/** Patience for one that says nothing. */
export const silent = { ...impatient, SLIPWAY_STORE_TIMEOUT_SECONDS: "3" };
