import type { Container, Reference, SecurityContext } from "./container.ts";
import type { LabelSelector } from "./selector.ts";

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
