import type { NumberedPort } from "./guard_network.ts";
import type { Because, Mount } from "./mount.ts";

/** What every container says, be it the main one of a pod, one beside it or one before it. */
export interface ContainerOptions {
  /** Container image with a tag or digest. */
  image: string;
  /** When nodes pull the image: at each start, as a tag that moves needs it, or once. @default the API server's choice */
  imagePullPolicy?: "Always" | "IfNotPresent";
  /** Program in place of the image's entry point. */
  command?: string[];
  /** Arguments in place of the image's. */
  args?: string[];
  /** Environment variables, by name, in the order in which they may refer to each other as `$(NAME)`. */
  env?: Record<string, EnvValue>;
  /** Secrets whose every key becomes an environment variable. */
  envFromSecrets?: string[];
  /** ConfigMaps whose every key becomes an environment variable. */
  envFromConfigs?: string[];
  /** What is mounted, by path in the container. */
  mounts?: Record<string, Mount>;
  /** What the container is promised, and what it may use at most. */
  resources: Resources;
  /** Let the program write to the image's file system, which is read-only otherwise. */
  writableRoot?: Because;
  /** Capabilities beyond none. */
  capabilities?: Capabilities;
  /** Run without any of the container's walls. */
  privileged?: Because;
}

/** A container beside the main one, or before it. */
export interface SideContainer extends ContainerOptions {
  /** Ports of the container, by name. */
  ports?: Record<string, Port>;
  /** How the kubelet knows its state; none for init containers, which end. */
  probes?: Probes;
  /** Its own identity. @default that of the pod */
  runAs?: RunAs;
}

/** Capabilities of the Linux kernel that a container keeps. Source: capabilities(7), without `CAP_`. */
export interface Capabilities extends Because {
  /** Names, such as `NET_BIND_SERVICE`. */
  add: string[];
}

/** A port of a container, over TCP unless said otherwise. */
export type Port = number | NumberedPort;

/** Value of an environment variable: text, one key of a Secret or ConfigMap, or something of the pod itself. */
export type EnvValue = string | SecretKey | ConfigKey | PodField;

/** One key of a Secret. */
export interface SecretKey {
  /** Name of the Secret. */
  secret: string;
  /** Key in it. */
  key: string;
}

/** One key of a ConfigMap. */
export interface ConfigKey {
  /** Name of the ConfigMap. */
  config: string;
  /** Key in it. */
  key: string;
}

/** Something of the pod itself. Source: k8s.io/api, core/v1 ObjectFieldSelector. */
export interface PodField {
  /** Path of the field. */
  field:
    | "metadata.name"
    | "metadata.namespace"
    | "metadata.uid"
    | "spec.nodeName"
    | "spec.serviceAccountName"
    | "status.hostIP"
    | "status.podIP"
    | "status.podIPs";
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

/** Probes of a container. */
export interface Probes {
  /** Fails: the container is restarted. */
  liveness?: Probe;
  /** Fails: the pod receives no traffic. */
  readiness?: Probe;
  /** Until it succeeds, the other probes wait. */
  startup?: Probe;
}

/** A probe by exactly one of `path`, `tcp`, `grpc` and `exec`. Source: k8s.io/api, core/v1 Probe. */
export interface Probe {
  /** Path of an HTTP GET that must be answered by 200 to 399. */
  path?: string;
  /** The port must accept a connection. */
  tcp?: true;
  /** The port must answer gRPC's health check. Source: the "GRPC Health Checking Protocol". */
  grpc?: true;
  /** A program in the container that must exit with 0. */
  exec?: string[];
  /** Name of the container port. @default the first port */
  port?: string;
  /** With `path`: how it is asked. @default "HTTP" */
  scheme?: "HTTP" | "HTTPS";
  /** Time before the first try, in seconds. @default 0 */
  initialDelaySeconds?: number;
  /** Time between tries, in seconds. @default 10 */
  periodSeconds?: number;
  /** Time a try may take, in seconds. @default 1 */
  timeoutSeconds?: number;
  /** Failures in a row that count. @default 3 */
  failureThreshold?: number;
}

/** Identity of processes. The root user, 0, needs a reason. */
export interface RunAs {
  /** Numeric user, which Pod Security can see is not root. */
  user: number;
  /** Numeric group; volumes belong to it too. */
  group: number;
  /** Why it must be root. */
  because?: string;
}
