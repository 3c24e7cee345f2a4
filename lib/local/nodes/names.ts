/** Annotation that marks a node as simulated, with the value {@linkcode simulatedNodeValue}. Source: kwok's "Manage Nodes and Pods". */
export const simulatedNodeAnnotation = "kwok.x-k8s.io/node";

/** Value of {@linkcode simulatedNodeAnnotation}. */
export const simulatedNodeValue = "fake";

/** What kwok's `--manage-nodes-with-annotation-selector` and the node agent both go by. */
export const simulatedNodeSelector = `${simulatedNodeAnnotation}=${simulatedNodeValue}`;

/**
 * Annotation of a pod (set it in the pod template) that makes the pod misbehave.
 * Its values are the keys of {@linkcode Simulation}.
 */
export const simulateAnnotation = "slipway.dev/simulate";

/** Annotation with the termination message of a crash-looping container, such as `missing DB_URL`. */
export const simulateMessageAnnotation = "slipway.dev/simulate-message";

/** Annotation with the exit code of a crash-looping container. Without it the code is 1. */
export const simulateExitCodeAnnotation = "slipway.dev/simulate-exit-code";

/** Annotation with the name of the container that crashes. Without it the first one does. */
export const simulateContainerAnnotation = "slipway.dev/simulate-container";

/** The values of {@linkcode simulateAnnotation}. */
export const Simulation = {
  /** A container ends with an error again and again; under `restartPolicy: Never` the pod fails. */
  crashLoop: "crash-loop",
  /** The image of each container cannot be pulled. */
  imagePullError: "image-pull-error",
  /** The containers run, never become ready and, in a Job, never end. */
  neverReady: "never-ready",
  /** The pod stays in ContainerCreating. */
  pending: "pending",
} as const;

/**
 * Annotation of a StorageClass with the capacity that it has in all (on each node,
 * where its volumes live on one node), such as `20Gi`.
 */
export const simulatedCapacityAnnotation = "slipway.dev/simulated-capacity";

/**
 * Condition of a pod whose sandbox, network and volumes are ready. The node agent sets it
 * when it releases a pod, and kwok's stages start only pods that have it.
 * Source: Kubernetes' "Pod Lifecycle", Pod network readiness.
 */
export const startableCondition = "PodReadyToStartContainers";
