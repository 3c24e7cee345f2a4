import type { ClusterClient, PodContainer } from "../../core/cluster.ts";
import type { RunProgram } from "../../core/program.ts";

/** Runs programs in a container of a pod, through the API server. */
export function runInPod(client: ClusterClient, pod: PodContainer): RunProgram {
  return (program, options) => client.exec(pod, program, options);
}
