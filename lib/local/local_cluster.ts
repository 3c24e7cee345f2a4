import type { ClusterClient } from "../core/cluster.ts";
import type { Emit } from "../core/events.ts";
import type { ComponentName } from "./components.ts";
import type { NodePlan, WantedNodes } from "./converge_nodes.ts";

/** Which embedded cluster is meant, and what working on it needs of the world. */
export interface ClusterOptions {
  /** Name of the cluster. */
  name: string;
  /** Folder below which clusters keep their state. */
  stateDir: string;
  /** Receives what happens. */
  emit: Emit;
  /** Ends the work; what was started stays, and the next `up` takes it over. */
  signal: AbortSignal;
  /** The time now. */
  now: () => Temporal.Instant;
}

/** How to bring an embedded cluster up. */
export interface UpOptions extends ClusterOptions {
  /** Paths of etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok, by name. */
  programs: Readonly<Record<string, string>>;
  /** Version of Kubernetes that the nodes say they run, such as `v1.36.3`. */
  kubernetesVersion: string;
  /** Which simulated nodes there are to be. @default those that there are, or three in a new cluster */
  nodes?: WantedNodes;
  /** Asked before nodes that are there already are changed or removed; throws to refuse. */
  mayChangeNodes?: (client: ClusterClient, plan: NodePlan) => Promise<void>;
  /** Connects to the cluster of a kubeconfig. */
  connect: (kubeconfigPath: string) => Promise<ClusterClient>;
  /**
   * Command of the node agent, which finds its cluster by KUBECONFIG and prints a line `ready`
   * once it acts.
   */
  agentCommand: readonly string[];
  /** The value of an environment variable; a few are passed on to the processes. */
  env: (name: string) => string | undefined;
  /** How long all may take, in milliseconds. @default 120_000 */
  timeoutMs?: number;
}

/** A process of an embedded cluster. */
export interface LocalProcess {
  /** Which one it is. */
  name: ComponentName;
  /** Process id. */
  pid: number;
  /** Memory that it holds, in bytes. */
  rssBytes: number;
  /** Its log. */
  logFile: string;
}

/** A service beside an embedded cluster. */
export interface LocalService {
  /** Its name. */
  name: string;
  /** Process id; absent when it does not run. */
  pid?: number;
  /** Memory that it holds, in bytes. */
  rssBytes: number;
  /** Its log. */
  logFile: string;
}

/** An embedded cluster as it is found. */
export interface LocalCluster {
  /** Its name. */
  name: string;
  /** URL of its API server. */
  server: string;
  /** Path of the administrator's kubeconfig. */
  kubeconfigPath: string;
  /** Path of the API server's audit log: one JSON object a line. */
  auditLogPath: string;
  /** Folder that holds all of it. */
  folder: string;
  /** Whether every process that it needs runs, and every service beside it. */
  running: boolean;
  /** The processes that run. */
  processes: LocalProcess[];
  /** Processes that it needs and that do not run. */
  missing: ComponentName[];
  /** Services that belong to it, whether they run or not. */
  services: LocalService[];
}
