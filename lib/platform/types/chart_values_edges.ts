import type { ControllerValues, MeasuredValues } from "./chart_values.ts";

/** A controller that takes requests from outside. */
export interface EdgeValues extends MeasuredValues {
  /** Number of pods by load, in place of `replicas`. */
  autoscaling?: EdgeAutoscaling;
  /** How requests come to it. */
  service?: EdgeService;
}

/** How many pods there are by load. */
export interface EdgeAutoscaling {
  /** The least number of pods. */
  minReplicas: number;
  /** The greatest number of pods. */
  maxReplicas: number;
  /** Share of the CPU request that is aimed at, in percent. */
  cpuUtilizationPercent: number;
}

/** The Service of a controller. */
export interface EdgeService {
  /** How it is reached from outside. @default "LoadBalancer" */
  type?: "LoadBalancer" | "NodePort" | "ClusterIP";
  /** `Local` keeps the address of clients. @default "Cluster" */
  externalTrafficPolicy?: "Cluster" | "Local";
  /** Ports of each node that lead to HTTP and HTTPS. With `NodePort`. */
  nodePorts?: EdgeNodePorts;
  /**
   * Port of each node that answers `/healthz` by 200 where the node has a pod of the controller, for balancers in
   * front. With `LoadBalancer` and `Local`. Source: Kubernetes, "Preserving the client source IP".
   */
  healthCheckNodePort?: number;
}

/** Ports of each node. */
export interface EdgeNodePorts {
  /** Leads to HTTP. */
  http: number;
  /** Leads to HTTPS. */
  https: number;
}

/** What is set of the chart ingress-nginx. */
export interface IngressNginxValues extends EdgeValues {
  /** Name of its IngressClass. @default nginx */
  className?: string;
  /** Expect the PROXY protocol, by which a balancer in front tells the clients' addresses. @default false */
  proxyProtocol?: boolean;
}

/** What is set of the chart traefik; with `k3s` of the one that k3s brings itself. */
export interface TraefikValues extends EdgeValues {
  /** Ranges of balancers in front whose PROXY protocol is believed. */
  proxyProtocolFrom?: string[];
}

/** What is set of the chart gateway-helm: the controller; each Gateway says what its proxies are like. */
export type EnvoyGatewayValues = ControllerValues;
