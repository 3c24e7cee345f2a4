import type { KubeObject } from "../../core/object.ts";
import { listAt, oneLine, textAt } from "./fields.ts";
import { failed, failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A BackupStorageLocation is ready when Velero can read and write there.
 * Source: Velero, pkg/apis/velero/v1 BackupStorageLocationPhase.
 */
export function storageLocationReady(location: KubeObject): Verdict {
  const phase = textAt(location, "status", "phase");
  if (phase === "Available") return ready("Available");
  if (phase === undefined) return waiting("not seen by Velero yet");
  return failing(
    `is ${phase}: ${oneLine(textAt(location, "status", "message") ?? "no reason given")}`,
  );
}

/** A Schedule of Velero is ready when it is Enabled. Source: Velero, pkg/apis/velero/v1 SchedulePhase. */
export function scheduleReady(schedule: KubeObject): Verdict {
  const phase = textAt(schedule, "status", "phase");
  if (phase === "Enabled") return ready(`scheduled ${textAt(schedule, "spec", "schedule") ?? ""}`);
  if (phase === "FailedValidation") {
    const errors = listAt(schedule, "status", "validationErrors").map((error) =>
      oneLine(String(error))
    );
    return failed(`is refused: ${errors.join("; ") || "no reason given"}`);
  }
  return waiting("not seen by Velero yet");
}
