/** Amounts of processor time and memory, each only where it matters. */
export interface Amounts {
  /** Processor time, such as `500m` or `2`. */
  cpu?: string;
  /** Memory, such as `512Mi`. */
  memory?: string;
}

/** What a namespace may use in sum: becomes a ResourceQuota. Pods beyond it are refused. */
export interface Quota {
  /** Sum of what its pods are promised. */
  requests?: Amounts;
  /** Sum of what its pods may use at most. */
  limits?: Amounts;
  /** Number of pods that have not ended. */
  pods?: number;
  /** Sum of the sizes that its volume claims ask for, such as `50Gi`. */
  storage?: string;
  /** Number of its volume claims. */
  volumeClaims?: number;
  /** Number of its Services that have a load balancer. */
  loadBalancers?: number;
}

/** Bounds of each container of a namespace: becomes a LimitRange. */
export interface Limits {
  /** Limits of a container that has none. */
  default?: Amounts;
  /** Requests of a container that has none. */
  defaultRequest?: Amounts;
  /** The least that a container may ask for. */
  min?: Amounts;
  /** The most that a container may use. */
  max?: Amounts;
  /** The largest size that one volume claim may ask for. */
  maxStorage?: string;
}
