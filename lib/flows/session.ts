import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import type { Target as DeclaredTarget } from "../platform/types.ts";
import { clusterUpForFlow, runningCluster } from "./cluster.ts";
import { connect } from "./connect.ts";
import { chooseTarget, type TargetRequest } from "./target.ts";

/** A cluster that a flow works on. */
export interface Session extends AsyncDisposable {
  /** The way to its API server. */
  client: ClusterClient;
  /** Whether it is the embedded one, where container images are not run. */
  embedded: boolean;
  /** Name of the embedded cluster, or of the kubeconfig's context. */
  name: string;
  /** Kubeconfig file that leads there, for the commands that are shown to people. */
  kubeconfigPath?: string;
}
