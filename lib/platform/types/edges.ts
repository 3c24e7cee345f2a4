import type { Certificate, Issuer } from "./edges_certificate.ts";
import type { Gateway, Tenant } from "./edges_gateway.ts";
import type { Middleware } from "./edges_middleware.ts";
import type { Haproxy, OAuth2Proxy } from "./edges_proxy.ts";
import type { Ingress, Route, TlsOptions } from "./edges_route.ts";

export type * from "./edges_certificate.ts";
export type * from "./edges_gateway.ts";
export type * from "./edges_middleware.ts";
export type * from "./edges_proxy.ts";
export type * from "./edges_route.ts";

/** Sections of a platform about how requests come in, and what lies outside. */
export interface EdgeSections {
  /** The ingress controller; needed where there are routes. */
  ingress?: Ingress;
  /** Routes, by name. */
  routes: Record<string, Route>;
  /** Middlewares, by name. */
  middlewares: Record<string, Middleware>;
  /** TLS options, by name. */
  tlsOptions: Record<string, TlsOptions>;
  /** Certificate issuers, by name. */
  issuers: Record<string, Issuer>;
  /** Certificates, by name. */
  certificates: Record<string, Certificate>;
  /** Gateways of the Gateway API, by name. */
  gateways: Record<string, Gateway>;
  /** Tenants that share a gateway, by name. */
  tenants: Record<string, Tenant>;
  /** OAuth2 Proxies, by name. */
  oauth2Proxies: Record<string, OAuth2Proxy>;
  /** Load balancers outside of the cluster that HAProxy is, by name; each becomes a file for its host. */
  haproxy: Record<string, Haproxy>;
  /** External services, by name. */
  externalServices: Record<string, ExternalService>;
}

/** Something outside the cluster, or in another namespace, that pods reach by a Service: exactly one of `addresses` and `dnsName`. */
export interface ExternalService {
  /** Namespace of the Service. */
  namespace: string;
  /** IP addresses that answer. */
  addresses?: string[];
  /** DNS name that answers. */
  dnsName?: string;
  /** Ports, by name. */
  ports: Record<string, number>;
  /** With `dnsName`: peer behind it, for network policies; one of the platform's `peers`. */
  peer?: string;
}
