import type { Manifest } from "../core/object.ts";
import type { LabelSelector } from "./selector.ts";

/** A container, as far as it is reviewed. Source: k8s.io/api, core/v1 Container. */
export interface Container {
  /** Name. */
  name: string;
  /** Image. */
  image?: string;
  /** When the image is pulled. */
  imagePullPolicy?: string;
  /** Program. */
  command?: readonly string[];
  /** Arguments. */
  args?: readonly string[];
  /** Environment variables. */
  env?: readonly EnvVariable[];
  /** ConfigMaps and Secrets whose keys are environment variables. */
  envFrom?: readonly {
    /** A ConfigMap. */
    configMapRef?: Reference;
    /** A Secret. */
    secretRef?: Reference;
  }[];
  /** Ports. */
  ports?: readonly ContainerPort[];
  /** Requests and limits. */
  resources?: {
    /** What the scheduler sets aside. */
    requests?: Readonly<Record<string, string | number>>;
    /** What the kernel allows at most. */
    limits?: Readonly<Record<string, string | number>>;
  };
  /** Fails: the container is restarted. */
  livenessProbe?: Probe;
  /** Fails: the pod receives no traffic. */
  readinessProbe?: Probe;
  /** Until it succeeds, the others wait. */
  startupProbe?: Probe;
  /** `Always` makes an init container one that keeps running. */
  restartPolicy?: string;
  /** Rights of its processes. */
  securityContext?: SecurityContext;
  /** What is mounted. */
  volumeMounts?: readonly {
    /** Name of the volume. */
    name: string;
    /** Where. */
    mountPath: string;
    /** Whether writes are refused. */
    readOnly?: boolean;
  }[];
}

/** A name that something is found by. */
export interface Reference {
  /** The name. */
  name?: string;
  /** Whether it may be missing. */
  optional?: boolean;
}

/** An environment variable. Source: k8s.io/api, core/v1 EnvVar. */
export interface EnvVariable {
  /** Name. */
  name: string;
  /** Value in plain sight. */
  value?: string;
  /** Where else the value comes from. */
  valueFrom?: {
    /** Key of a ConfigMap. */
    configMapKeyRef?: Reference;
    /** Key of a Secret. */
    secretKeyRef?: Reference;
  };
}

/** A port of a container. Source: k8s.io/api, core/v1 ContainerPort. */
export interface ContainerPort {
  /** Name. */
  name?: string;
  /** Number. */
  containerPort: number;
  /** Port of the node that leads to it. */
  hostPort?: number;
  /** Protocol. @default TCP */
  protocol?: string;
}

/** A probe. Source: k8s.io/api, core/v1 Probe. */
export interface Probe {
  /** HTTP GET. */
  httpGet?: {
    /** Name or number of the port. */
    port?: string | number;
  };
  /** TCP connection. */
  tcpSocket?: {
    /** Name or number of the port. */
    port?: string | number;
  };
  /** Other settings. */
  [field: string]: unknown;
}

/** Rights of processes. Source: k8s.io/api, core/v1 SecurityContext and PodSecurityContext. */
export interface SecurityContext {
  /** User. */
  runAsUser?: number;
  /** Whether root is refused. */
  runAsNonRoot?: boolean;
  /** Whether it has all rights of the node. */
  privileged?: boolean;
  /** Whether it may gain rights. */
  allowPrivilegeEscalation?: boolean;
  /** Whether the image's file system is read-only. */
  readOnlyRootFilesystem?: boolean;
  /** Capabilities of the kernel. */
  capabilities?: {
    /** Those it gets. */
    add?: readonly string[];
    /** Those it loses. */
    drop?: readonly string[];
  };
  /** Filter of system calls. */
  seccompProfile?: {
    /** Which one. */
    type?: string;
  };
}

/** A volume of a pod. Source: k8s.io/api, core/v1 Volume. */
export interface PodVolume {
  /** Name. */
  name: string;
  /** A claim. */
  persistentVolumeClaim?: {
    /** Name of the claim. */
    claimName: string;
  };
  /** A Secret. */
  secret?: {
    /** Name of the Secret. */
    secretName?: string;
    /** Whether it may be missing. */
    optional?: boolean;
  };
  /** A ConfigMap. */
  configMap?: Reference;
  /** A path of the node. */
  hostPath?: {
    /** The path. */
    path: string;
  };
  /** Scratch space. */
  emptyDir?: {
    /** Most that may be in it. */
    sizeLimit?: string;
    /** `Memory` keeps it in memory. */
    medium?: string;
  };
}

/** A pod, as far as it is reviewed. Source: k8s.io/api, core/v1 PodSpec. */
export interface PodSpec {
  /** Containers. */
  containers: readonly Container[];
  /** Containers that end before the others start, or keep running beside them. */
  initContainers?: readonly Container[];
  /** Volumes. */
  volumes?: readonly PodVolume[];
  /** Service account. */
  serviceAccountName?: string;
  /** Whether its token is mounted. */
  automountServiceAccountToken?: boolean;
  /** Rights of all processes. */
  securityContext?: SecurityContext;
  /** Whether it has the network of the node. */
  hostNetwork?: boolean;
  /** Whether it sees the processes of the node. */
  hostPID?: boolean;
  /** Whether it shares memory with the node. */
  hostIPC?: boolean;
  /** Labels that its node must have. */
  nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep it away. */
  tolerations?: readonly Toleration[];
  /** Nearness to nodes and pods. */
  affinity?: Affinity;
  /** How it is spread. */
  topologySpreadConstraints?: readonly SpreadConstraint[];
}

/** A toleration. Source: k8s.io/api, core/v1 Toleration. */
export interface Toleration {
  /** Key of the taint; all when absent. */
  key?: string;
  /** `Exists` or `Equal`. @default Equal */
  operator?: string;
  /** Value of the taint. */
  value?: string;
  /** Effect of the taint; all when absent. */
  effect?: string;
}

/** Nearness to nodes and pods. Source: k8s.io/api, core/v1 Affinity. */
export interface Affinity {
  /** Nodes. */
  nodeAffinity?: {
    /** What must hold: one of the terms. */
    requiredDuringSchedulingIgnoredDuringExecution?: {
      /** The terms. */
      nodeSelectorTerms: readonly LabelSelector[];
    };
  };
  /** Distance from pods. */
  podAntiAffinity?: {
    /** What must hold. */
    requiredDuringSchedulingIgnoredDuringExecution?: readonly PodTerm[];
    /** What should hold. */
    preferredDuringSchedulingIgnoredDuringExecution?: readonly unknown[];
  };
}

/** Pods, and how far they reach. Source: k8s.io/api, core/v1 PodAffinityTerm. */
export interface PodTerm {
  /** The pods. */
  labelSelector?: LabelSelector;
  /** Label of nodes that are one place. */
  topologyKey: string;
}

/** How pods are spread. Source: k8s.io/api, core/v1 TopologySpreadConstraint. */
export interface SpreadConstraint {
  /** How many more pods one place may have than another. */
  maxSkew: number;
  /** Label of nodes that are one place. */
  topologyKey: string;
  /** `DoNotSchedule` or `ScheduleAnyway`. */
  whenUnsatisfiable: string;
  /** The pods. */
  labelSelector?: LabelSelector;
}

/** Kinds that make pods of a template. */
export type PodOwnerKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod";

/** An object that makes pods, and what they are like. */
export interface PodSource {
  /** The object. */
  owner: Manifest;
  /** Its kind. */
  kind: PodOwnerKind;
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods. */
  labels: Readonly<Record<string, string>>;
  /** Annotations of the pods. */
  annotations: Readonly<Record<string, string>>;
  /** The pods. */
  spec: PodSpec;
}

/** Kinds whose pods are meant to end. */
const ending: readonly PodOwnerKind[] = ["Job", "CronJob"];

/** All objects among some manifests that make pods. */
export function podSources(manifests: readonly Manifest[]): PodSource[] {
  return manifests.flatMap((owner) => {
    const template = templateOf(owner);
    if (template?.spec === undefined) return [];
    return [{
      owner,
      kind: owner.kind as PodOwnerKind,
      namespace: owner.metadata.namespace ?? "default",
      labels: template.metadata?.labels ?? {},
      annotations: template.metadata?.annotations ?? {},
      spec: template.spec,
    }];
  });
}

/** Whether the pods are meant to keep running. */
export function keepsRunning({ kind }: Pick<PodSource, "kind">): boolean {
  return !ending.includes(kind);
}

/** All containers of a pod that keep running, side containers among them. */
export function runningContainers({ containers, initContainers = [] }: PodSpec): Container[] {
  return [
    ...containers,
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always"),
  ];
}

/** All containers of a pod, those included that only come first. */
export function allContainers({ containers, initContainers = [] }: PodSpec): Container[] {
  return [...initContainers, ...containers];
}

interface Template {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: PodSpec;
}

function templateOf(owner: Manifest): Template | undefined {
  switch (owner.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return (owner["spec"] as { template: Template }).template;
    case "Job":
      return owner.apiVersion.startsWith("batch/")
        ? (owner["spec"] as { template: Template }).template
        : undefined;
    case "CronJob":
      return (owner["spec"] as { jobTemplate: { spec: { template: Template } } })
        .jobTemplate.spec.template;
    case "Pod":
      return owner as unknown as Template;
    default:
      return undefined;
  }
}
