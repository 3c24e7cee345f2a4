import type { KubeObject } from "../../core/object.ts";
import { conditionOf, numberAt, oneLine, textAt, wordsOf } from "./fields.ts";
import { failed, failing, ready, type Verdict, waiting } from "./verdict.ts";

/**
 * A `postgresql` of Zalando's operator is ready when it is Running; failed syncs are tried again.
 * Source: zalando/postgres-operator, pkg/apis/acid.zalan.do/v1/const.go.
 */
export function zalandoPostgresReady(cluster: KubeObject): Verdict {
  const status = textAt(cluster, "status", "PostgresClusterStatus");
  if (status === undefined) return waiting("not seen by the Postgres operator yet");
  if (status === "Running") return ready("Running");
  if (status === "Invalid") return failed("Invalid: the operator refuses its specification");
  return status.endsWith("Failed") ? failing(`is ${status}`) : waiting(`is ${status}`);
}

const healthy = "Cluster in healthy state";
const beyondRepair = "Cluster is unrecoverable and needs manual intervention";

/**
 * A Cluster of CloudNativePG is ready when all instances are, and its WAL is archived where that is asked for.
 * Source: cloudnative-pg, api/v1/cluster_types.go.
 */
export function cloudNativePgReady(cluster: KubeObject): Verdict {
  const phase = textAt(cluster, "status", "phase");
  if (phase === undefined) return waiting("not seen by CloudNativePG yet");
  const reason = oneLine(textAt(cluster, "status", "phaseReason") ?? "");
  const told = reason === "" ? phase : `${phase}: ${reason}`;
  if (phase === beyondRepair) return failed(told);
  const wanted = numberAt(cluster, "spec", "instances") ?? 1;
  const up = numberAt(cluster, "status", "readyInstances") ?? 0;
  const instances = `${up}/${wanted} instances ready`;
  if (phase.startsWith("Cluster cannot") || phase.startsWith("Unable")) return failing(told);
  if (phase !== healthy || up < wanted) return waiting(`${instances}: ${told}`);
  const archiving = conditionOf(cluster, "ContinuousArchiving");
  if (archiving?.status === "False") {
    return failing(`${instances}, but its WAL is not archived: ${wordsOf(archiving)}`);
  }
  return ready(instances);
}
