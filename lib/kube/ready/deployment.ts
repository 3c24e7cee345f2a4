import type { KubeObject } from "../../core/object.ts";
import { counted } from "../../core/units.ts";
import { at, conditionOf, numberAt } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A Deployment is ready when all wanted replicas are of its newest template and available, and no old ones are left.
 * Counts come first: the controller may take a moment to withdraw a condition that no longer holds.
 * Source: k8s.io/api, apps/v1 DeploymentStatus.
 */
export function deploymentReady(deployment: KubeObject): Verdict {
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  const count = (field: string) => numberAt(deployment, "status", field) ?? 0;
  const total = count("replicas");
  const updated = count("updatedReplicas");
  const readyCount = count("readyReplicas");
  const available = count("availableReplicas");

  const lacking = updated < wanted && total > updated
    ? `${updated}/${wanted} updated`
    : updated < wanted || readyCount < wanted
    ? `${Math.min(readyCount, wanted)}/${wanted} ready`
    : available < wanted
    ? `${available}/${wanted} available`
    : total > updated
    ? `${counted(total - updated, "old replica")} still to be removed`
    : total > wanted
    ? `${counted(total - wanted, "surplus replica")} still to be removed`
    : undefined;
  if (lacking === undefined) {
    return ready(wanted === 0 ? "wants no replicas" : `${available}/${wanted} available`);
  }

  const failure = conditionOf(deployment, "ReplicaFailure");
  if (failure?.status === "True") {
    return failing(`${lacking}: pods cannot be created: ${failure.message || failure.reason}`);
  }
  const progress = conditionOf(deployment, "Progressing");
  if (progress?.status === "False") {
    return progress.reason === "ProgressDeadlineExceeded"
      ? failing(`${lacking}: no progress within ${deadlineOf(deployment)}`)
      : failing(`${lacking}: ${progress.message || progress.reason}`);
  }
  return waiting(
    at(deployment, "spec", "paused") === true ? `${lacking}: its rollout is paused` : lacking,
  );
}

function deadlineOf(deployment: KubeObject): string {
  return `${numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600} s`;
}
