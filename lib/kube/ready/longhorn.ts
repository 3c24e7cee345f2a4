import type { KubeObject } from "../../core/object.ts";
import { at, conditionOf, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A BackupTarget of Longhorn is ready when it can be reached, or has no URL yet.
 * Source: longhorn-manager, k8s/pkg/apis/longhorn/v1beta2 BackupTargetStatus.
 */
export function backupTargetReady(target: KubeObject): Verdict {
  if (textAt(target, "spec", "backupTargetURL") === undefined) return ready("no URL is set");
  const available = at(target, "status", "available");
  if (available === true) return ready("available");
  // Longhorn's condition is about what is wrong, so True is bad.
  const wrong = conditionOf(target, "Unavailable");
  if (wrong?.status === "True") return failing(`is not available: ${wordsOf(wrong)}`);
  return waiting("not seen by Longhorn yet");
}

/** A Setting of Longhorn is ready when it is applied. Source: longhorn-manager, v1beta2 SettingStatus. */
export function longhornSettingReady(setting: KubeObject): Verdict {
  const applied = at(setting, "status", "applied");
  if (applied === true) return ready("applied");
  return waiting(
    applied === false ? "not applied while volumes are attached" : "not seen by Longhorn yet",
  );
}
