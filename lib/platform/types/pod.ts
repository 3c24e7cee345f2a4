import type { ContainerOptions, Port, Probes, RunAs, SideContainer } from "./container.ts";
import type { Because } from "./mount.ts";
import type { VaultAgent } from "./vault_agent.ts";

/** A program and the pod that it runs in, whatever starts and replaces that pod. */
export interface PodOptions extends ContainerOptions {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Labels that select its pods. @default app.kubernetes.io/name with its name */
  labels?: Record<string, string>;
  /** Annotations of its pods, as monitoring and other add-ons read them. */
  podAnnotations?: Record<string, string>;
  /** Name of its container. @default its name */
  container?: string;
  /** Secrets that may pull the images. */
  imagePullSecrets?: string[];
  /** Service account of its pods; made by the platform. @default its name */
  serviceAccount?: string;
  /** What its pods may ask of the API server. @default nothing, and no token is mounted */
  apiAccess?: ApiAccess;
  /** Files that a Vault Agent beside the program renders. */
  vaultAgent?: VaultAgent;
  /** Under which identity the program runs. @default user and group 65532 */
  runAs?: RunAs;
  /** What must accept connections before the program starts. */
  waitFor?: WaitFor;
  /** Containers that must end with 0 before the program starts, one after the other, by name. */
  initContainers?: Record<string, SideContainer>;
  /** Nodes it may run on, by label. */
  nodeSelector?: Record<string, string>;
  /** Taints of nodes that do not keep it away. */
  tolerations?: Toleration[];
  /** Which pods give way to which. */
  priorityClass?: string;
  /** Time from the request to end until it is killed, in seconds. @default 30 */
  terminationGracePeriodSeconds?: number;
  /** Use the network of the node, past all network policies. */
  hostNetwork?: Because;
  /** See the processes of the node. */
  hostPid?: Because;
}

/** Rights at the API server, by Role and by ClusterRole. */
export interface ApiAccess {
  /** Rights in one namespace. */
  namespaced?: NamespacedRule[];
  /** Rights in all namespaces, and to objects without one. */
  clusterWide?: ClusterRule[];
}

/** What may be done to which objects. Source: k8s.io/api, rbac/v1 PolicyRule. */
export interface NamespacedRule {
  /** The namespace. @default the workload's own */
  namespace?: string;
  /** API groups; the core group is `""`. */
  apiGroups: string[];
  /** Resources in the plural, such as `pods` and `pods/log`. */
  resources: string[];
  /** Only objects with these names. */
  resourceNames?: string[];
  /** What may be done, such as `get`, `list` and `watch`. */
  verbs: string[];
}

/** As {@linkcode NamespacedRule} everywhere, or paths of the API server itself. */
export interface ClusterRule {
  /** API groups; the core group is `""`. */
  apiGroups?: string[];
  /** Resources in the plural, such as `nodes`. */
  resources?: string[];
  /** Only objects with these names. */
  resourceNames?: string[];
  /** Paths such as `/metrics`, in place of groups and resources. */
  nonResourceUrls?: string[];
  /** What may be done, such as `get`, `list` and `watch`. */
  verbs: string[];
}

/** A toleration of a taint. Source: k8s.io/api, core/v1 Toleration. */
export interface Toleration {
  /** Key of the taint. @default all keys */
  key?: string;
  /** Value of the taint. @default any value */
  value?: string;
  /** What the taint does. @default all of them */
  effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Init containers that wait until services accept TCP connections. */
export interface WaitFor {
  /** Image with `sh` and `nc`. */
  image: string;
  /** Ports, by the name of a service in the workload's namespace. */
  services: Record<string, number>;
}

/** What only programs have that keep running: ports, probes and companions. */
export interface ServingOptions extends PodOptions {
  /** Ports of the container, by name; none for a worker that nobody calls. */
  ports: Record<string, Port>;
  /** How the kubelet knows the state of a pod. */
  probes?: Probes;
  /** Containers beside the program, by name. */
  sidecars?: Record<string, SideContainer>;
}
