/** Sections of a platform about programs. */
export interface WorkloadSections {
  /** Workloads, by name. */
  workloads: Record<string, Workload>;
}

/** Names and access modes of the Kubernetes API. Source: k8s.io/api, core/v1 PersistentVolumeAccessMode. */
export type AccessMode =
  | "ReadWriteOnce"
  | "ReadOnlyMany"
  | "ReadWriteMany"
  | "ReadWriteOncePod";

/** A stateless program with its services, scaling and safety: becomes a Deployment and what belongs to it. */
export interface Workload {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Labels that select its pods. @default app.kubernetes.io/name with the workload's name */
  labels?: Record<string, string>;
  /** Annotations of its pods, as monitoring and other add-ons read them. */
  podAnnotations?: Record<string, string>;
  /** Name of its container. @default the workload's name */
  container?: string;
  /** Container image with a tag or digest. */
  image: string;
  /** Secrets that may pull the image. */
  imagePullSecrets?: string[];
  /** Service account of its pods; made by the platform, without rights and without a mounted token. */
  serviceAccount: string;
  /** Fixed number of pods; not together with `autoscaling`, which decides then. @default 1 */
  replicas?: number;
  /** How many pods there are by load. */
  autoscaling?: Autoscaling;
  /** What a pod is promised, and what it may use at most. */
  resources: Resources;
  /** Ports of the container, by name. */
  ports: Record<string, number>;
  /** Services in front of the pods, by name. */
  services: Record<string, WorkloadService>;
  /** How the kubelet knows the state of a pod. */
  probes: Probes;
  /** What must accept connections before the program starts. */
  waitFor?: WaitFor;
  /** Secrets whose every key becomes an environment variable. */
  envFromSecrets?: string[];
  /** Environment variables, by name. */
  env?: Record<string, EnvValue>;
  /** What is mounted, by path in the container. */
  mounts?: Record<string, Mount>;
  /** How pods are replaced by newer ones. */
  rollout: Rollout;
  /** How pods are kept apart. */
  spread?: Spread;
  /** How many pods may be missing while nodes are drained. */
  disruptionBudget?: DisruptionBudget;
  /** Under which identity the program runs. */
  runAs: RunAs;
}

/** Bounds and aim of a HorizontalPodAutoscaler. */
export interface Autoscaling {
  /** Fewest pods. */
  minReplicas: number;
  /** Most pods. */
  maxReplicas: number;
  /** Mean CPU use that is aimed at, in percent of the request. */
  cpuUtilizationPercent: number;
}

/** Requests and limits of a container. */
export interface Resources {
  /** What the scheduler sets aside. */
  requests: ResourceList;
  /** What the kernel allows at most. */
  limits: ResourceList;
}

/** Amounts of CPU and memory, as Kubernetes quantities. */
export interface ResourceList {
  /** CPU, such as `150m`. */
  cpu: string;
  /** Memory, such as `365Mi`. */
  memory: string;
}

/** A Service of type ClusterIP. */
export interface WorkloadService {
  /** Ports of the Service by the name of the container port that each leads to. */
  ports: Record<string, number>;
}

/** Probes of a container. */
export interface Probes {
  /** Fails: the container is restarted. */
  liveness: Probe;
  /** Fails: the pod receives no traffic. */
  readiness: Probe;
  /** Until it succeeds, the other probes wait. */
  startup?: Probe;
}

/** A probe by HTTP GET. Source: k8s.io/api, core/v1 Probe. */
export interface Probe {
  /** Path of the request. */
  path: string;
  /** Name of the container port. @default the first port */
  port?: string;
  /** Time between tries, in seconds. @default 10 */
  periodSeconds?: number;
  /** Time a try may take, in seconds. @default 1 */
  timeoutSeconds?: number;
  /** Failures in a row that count. @default 3 */
  failureThreshold?: number;
}

/** An init container that waits until services accept TCP connections. */
export interface WaitFor {
  /** Image with `sh` and `nc`. */
  image: string;
  /** Ports, by the name of a service in the workload's namespace. */
  services: Record<string, number>;
}

/** Value of an environment variable: text, or one key of a Secret. */
export type EnvValue = string | SecretKey;

/** One key of a Secret. */
export interface SecretKey {
  /** Name of the Secret. */
  secret: string;
  /** Key in it. */
  key: string;
}

/** What is mounted: exactly one of `claim`, `secret` and `emptyDir`. */
export interface Mount {
  /** One of the platform's `volumes`. */
  claim?: string;
  /** A Secret whose keys become files. */
  secret?: string;
  /** Scratch space that ends with the pod. */
  emptyDir?: EmptyDir;
  /** With `secret`: only these keys, each with its file name. */
  items?: Record<string, string>;
  /** Refuse writes. @default true for secrets, otherwise false */
  readOnly?: boolean;
}

/** Scratch space of a pod. */
export interface EmptyDir {
  /** Most that may be in it, such as `64Mi`; the pod is evicted beyond. */
  sizeLimit: string;
}

/** Strategy of a rolling update. */
export interface Rollout {
  /** How many pods may be missing. */
  maxUnavailable: number;
  /** How many pods there may be beyond the wanted number. */
  maxSurge: number;
}

/** Anti-affinity of a workload's pods to each other, by node. */
export interface Spread {
  /** `required`: never two on a node, one stays Pending instead; `preferred`: as far as possible. */
  antiAffinity: "required" | "preferred";
}

/** A PodDisruptionBudget. */
export interface DisruptionBudget {
  /** How many pods an eviction may leave missing. */
  maxUnavailable: number;
}

/** Identity of a container's processes. */
export interface RunAs {
  /** Numeric user, which Pod Security can see is not root. */
  user: number;
  /** Numeric group; volumes belong to it too. */
  group: number;
}
