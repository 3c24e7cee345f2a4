import type { Resources } from "./container.ts";

/**
 * An Envoy that tenants and routes share. The Gateway itself has only a listener for plain HTTP, which redirects;
 * HTTPS listeners come with tenants and routes, in ListenerSets of their own, so that none touches another.
 * Source: Gateway API 1.5, ListenerSet. Envoy Gateway knows it from 1.8 on; from 1.9 on it also notices a
 * certificate that comes after its listener.
 */
export interface Gateway {
  /** Namespace that it lives in. */
  namespace: string;
  /** Its GatewayClass. @default "envoy" */
  className: string;
  /** Pods of Envoy. @default 2 */
  replicas: number;
  /** Requests and limits of each. */
  resources: Resources;
  /** How pods are kept apart. @default "preferred" */
  antiAffinity: "required" | "preferred";
  /** Address that it is reached by. @default the one that the load balancer gives */
  address?: string;
  /** `Local` keeps the clients' addresses, which rate limits count by. @default "Local" */
  externalTrafficPolicy: "Local" | "Cluster";
  /** Annotations of its Service, which load balancers read. */
  annotations?: Record<string, string>;
  /** TLS versions and ciphers, one of the platform's `tlsOptions`. @default TLS 1.2 */
  tlsOptions?: string;
  /** What all requests pass; names of the platform's `middlewares`. */
  middlewares: string[];
}

/**
 * Someone whose hosts are below a domain of its own. Its namespaces, which carry the label `slipway.dev/domain`,
 * can have no other hosts: a ValidatingAdmissionPolicy refuses them.
 */
export interface Tenant {
  /** Domain that all its hosts belong to. */
  domain: string;
  /** Its namespaces; the first has its listeners and its certificate. */
  namespaces: string[];
  /** One of the platform's `gateways`. @default that of `ingress` */
  gateway?: string;
  /** Issuer of its certificate for the domain and all names below it; one of the platform's `issuers`. */
  issuer: string;
  /** How long before its end the certificate is renewed, in days. @default a third of its time */
  renewBeforeDays?: number;
}
