import type { KubeObject } from "../../core/object.ts";
import { conditionOf, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A HelmChart of k3s is handed to a Job of its own, which installs it and is watched by the controller; more than that
 * its status does not tell. Source: k3s-io/helm-controller, pkg/apis/helm.cattle.io/v1 HelmChartConditionType.
 */
export function helmChartReady(chart: KubeObject): Verdict {
  const failure = conditionOf(chart, "Failed");
  if (failure?.status === "True") return failing(`could not be installed: ${wordsOf(failure)}`);
  const job = textAt(chart, "status", "jobName");
  if (job === undefined) return waiting("not seen by the helm controller yet");
  const created = conditionOf(chart, "JobCreated");
  return created !== undefined && created.status !== "True"
    ? waiting(`its job ${job} is not made yet: ${wordsOf(created)}`)
    : ready(`handed to job ${job}`);
}
