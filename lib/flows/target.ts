import { UsageError } from "../core/errors.ts";
import { defaultClusterName } from "../local/paths.ts";
import type { Target as DeclaredTarget } from "../platform/types.ts";

/** What the command line says of the cluster that is meant. */
export interface TargetRequest {
  /** Path of a kubeconfig file. */
  kubeconfig?: string;
  /** Context in the kubeconfig. */
  context?: string;
  /** Name of the embedded cluster. */
  cluster?: string;
  /** The one that this runs in as a pod, by its service account. */
  inCluster?: boolean;
}

/** The cluster that is meant. */
export type Target =
  | { kind: "embedded"; name: string }
  | { kind: "kubeconfig"; kubeconfig?: string; context?: string; inCluster?: true };

/**
 * The cluster that is meant: what the command line names, else what the environment
 * declares, else the embedded one.
 *
 * @throws {UsageError} when both an embedded and another cluster are named, or only hosts are declared
 */
export function chooseTarget(request: TargetRequest, declared: DeclaredTarget = {}): Target {
  const { kubeconfig, context, cluster } = request;
  if (cluster !== undefined && (kubeconfig !== undefined || context !== undefined)) {
    throw new UsageError(
      `Cannot choose a cluster: --cluster ${cluster} names an embedded one, ${
        kubeconfig === undefined ? `--context ${context}` : `--kubeconfig ${kubeconfig}`
      } another`,
      { remedy: "give only one of them" },
    );
  }
  if (cluster !== undefined) return { kind: "embedded", name: cluster };
  if (request.inCluster) return { kind: "kubeconfig", inCluster: true };
  if (kubeconfig !== undefined || context !== undefined) {
    return { kind: "kubeconfig", kubeconfig, context };
  }
  if (declared.context !== undefined) return { kind: "kubeconfig", context: declared.context };
  if (declared.hosts !== undefined) {
    throw new UsageError(
      "Cannot choose a cluster: the environment declares hosts, and installing k3s on hosts is not a part of Slipway yet",
      { remedy: "install k3s on them, then name its cluster with --kubeconfig or --context" },
    );
  }
  return { kind: "embedded", name: defaultClusterName };
}
