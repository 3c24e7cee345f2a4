import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { at, conditionOf, numberAt, wordsOf } from "./fields.ts";
import { failed, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A Job is ready when it is complete. `FailureTarget` is believed before `Failed`, which follows once its pods are
 * gone. A suspended Job is as its author wants it. Source: k8s.io/api, batch/v1 JobConditionType.
 */
export function jobReady(job: KubeObject): Verdict {
  for (const type of ["Failed", "FailureTarget"]) {
    const condition = conditionOf(job, type);
    if (condition?.status === "True") return failed(`failed: ${wordsOf(condition)}`);
  }
  const complete = conditionOf(job, "Complete");
  const succeeded = numberAt(job, "status", "succeeded") ?? 0;
  if (complete?.status === "True") {
    return ready(succeeded === 0 ? "complete" : `complete: ${counted(succeeded, "pod")} succeeded`);
  }
  if (at(job, "spec", "suspend") === true) return ready("suspended until somebody resumes it");
  const wanted = numberAt(job, "spec", "completions") ?? 1;
  const wrong = numberAt(job, "status", "failed") ?? 0;
  const soFar = `${succeeded}/${wanted} completions`;
  return waiting(wrong === 0 ? soFar : `${soFar}, ${counted(wrong, "pod")} failed`);
}

/** A CronJob works from the moment that it exists; its Jobs come and go. */
export function cronJobReady(cronJob: KubeObject): Verdict {
  const schedule = at(cronJob, "spec", "schedule");
  return ready(
    at(cronJob, "spec", "suspend") === true
      ? "suspended until somebody resumes it"
      : `scheduled ${typeof schedule === "string" ? schedule : ""}`.trim(),
  );
}
