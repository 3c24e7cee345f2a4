import type { KubeObject } from "../../core/object.ts";

/** Names a key of a Secret or a ConfigMap. Source: core/v1 SecretKeySelector and ConfigMapKeySelector. */
export interface KeySelector {
  /** Name of the object. */
  name?: string;
  /** Key in its data. */
  key: string;
  /** Whether the pod does without it. */
  optional?: boolean;
}

/** Names a Secret or a ConfigMap. Source: core/v1 SecretEnvSource and ConfigMapEnvSource. */
export interface SourceReference {
  /** Name of the object. */
  name?: string;
  /** Whether the pod does without it. */
  optional?: boolean;
}

/** One key of a volume and where it goes. Source: core/v1 KeyToPath. */
export interface KeyToPath {
  /** Key in the object's data. */
  key: string;
  /** Path in the volume. */
  path: string;
}

/** A Secret or ConfigMap in a projected volume. Source: core/v1 SecretProjection and ConfigMapProjection. */
export interface ProjectedReference extends SourceReference {
  /** Keys that are wanted; all of them when absent. */
  items?: KeyToPath[];
}

/** A volume of a pod, as far as a node needs something for it. Source: core/v1 Volume. */
export interface Volume {
  /** Name within the pod. */
  name: string;
  /** A Secret. */
  secret?: {
    /** Name of the Secret. */
    secretName?: string;
    /** Keys that are wanted. */
    items?: KeyToPath[];
    /** Whether the pod does without it. */
    optional?: boolean;
  };
  /** A ConfigMap. */
  configMap?: ProjectedReference;
  /** Several sources in one. */
  projected?: {
    /** The sources. */
    sources?: {
      /** A Secret. */
      secret?: ProjectedReference;
      /** A ConfigMap. */
      configMap?: ProjectedReference;
    }[];
  };
  /** A claim by name. */
  persistentVolumeClaim?: {
    /** Name of the claim. */
    claimName: string;
  };
  /** A claim that lives as long as the pod, named after pod and volume. */
  ephemeral?: Record<string, unknown>;
  /** A volume that a driver makes for this pod alone. */
  csi?: {
    /** A Secret that the driver is given. */
    nodePublishSecretRef?: SourceReference;
  };
}

/** Whom a container runs as. Source: core/v1 SecurityContext and PodSecurityContext. */
export interface SecurityContext {
  /** Whether the node must make sure that it is not root. */
  runAsNonRoot?: boolean;
  /** Numeric user. */
  runAsUser?: number;
}

/** A container, or an init container. Source: core/v1 Container. */
export interface Container {
  /** Name within the pod. */
  name: string;
  /** Image. */
  image?: string;
  /** `Always` makes a sidecar of an init container. */
  restartPolicy?: string;
  /** Environment variables. */
  env?: {
    /** Name of the variable. */
    name: string;
    /** Where its value comes from. */
    valueFrom?: {
      /** A key of a Secret. */
      secretKeyRef?: KeySelector;
      /** A key of a ConfigMap. */
      configMapKeyRef?: KeySelector;
    };
  }[];
  /** Sources of environment variables. */
  envFrom?: {
    /** All keys of a Secret. */
    secretRef?: SourceReference;
    /** All keys of a ConfigMap. */
    configMapRef?: SourceReference;
  }[];
  /** Whom it runs as. */
  securityContext?: SecurityContext;
}

/** What a pod is to be. Source: core/v1 PodSpec. */
export interface PodSpec {
  /** The node it is bound to. */
  nodeName?: string;
  /** Whether it shares the node's network. */
  hostNetwork?: boolean;
  /** Containers that run first, one after the other. */
  initContainers?: Container[];
  /** Containers. */
  containers: Container[];
  /** Volumes. */
  volumes?: Volume[];
  /** Secrets with the credentials of registries. */
  imagePullSecrets?: SourceReference[];
  /** Whom all containers run as. */
  securityContext?: SecurityContext;
}

/** A condition of an object's status. Source: the API conventions' "Typical status properties". */
export interface Condition {
  /** What is said. */
  type: string;
  /** `True`, `False` or `Unknown`. */
  status: string;
  /** Machine-readable reason. */
  reason?: string;
  /** Readable message. */
  message?: string;
  /** RFC 3339 time at which `status` changed. */
  lastTransitionTime?: string;
  /** All else. */
  [field: string]: unknown;
}

/** The state of a container. Source: core/v1 ContainerStatus. */
export interface ContainerStatus {
  /** Name of the container. */
  name: string;
  /** Image of the container. */
  image: string;
  /** Image as the runtime identifies it. */
  imageID: string;
  /** Whether it is ready. */
  ready: boolean;
  /** Whether its startup probe has passed. */
  started?: boolean;
  /** How often it was restarted. */
  restartCount: number;
  /** What it does now. */
  state?: {
    /** It has not started. */
    waiting?: {
      /** Machine-readable reason. */
      reason?: string;
      /** Readable message. */
      message?: string;
    };
    /** All else. */
    [state: string]: unknown;
  };
  /** All else. */
  [field: string]: unknown;
}

/** What a pod is. Source: core/v1 PodStatus. */
export interface PodStatus {
  /** Pending, Running, Succeeded, Failed or Unknown. */
  phase?: string;
  /** Conditions. */
  conditions?: Condition[];
  /** States of the containers. */
  containerStatuses?: ContainerStatus[];
  /** States of the init containers. */
  initContainerStatuses?: ContainerStatus[];
  /** Address of the pod. */
  podIP?: string;
  /** All else. */
  [field: string]: unknown;
}

/** A pod. Source: core/v1 Pod. */
export interface Pod extends KubeObject {
  /** What it is to be. */
  spec: PodSpec;
  /** What it is. */
  status?: PodStatus;
}

/** Whether a condition of an object is true. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === "True") ??
    false;
}

/** Whether a pod has come to its end. */
export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Names of the claims that a pod mounts. */
export function claimsOf(pod: Pod): { volume: string; claim: string }[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const claim = volume.persistentVolumeClaim?.claimName ??
      (volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`);
    return claim === undefined ? [] : [{ volume: volume.name, claim }];
  });
}
