/**
 * The ingress controller that routes are written for. Its pods are named by exactly one of `namespace` and `peer`.
 *
 * The same routes work with each controller. What differs: nginx has TLS versions and the answer 429 to too many
 * requests in its own ConfigMap (`ssl-protocols`, `limit-req-status-code`), and allows the response headers that
 * middlewares add only where `global-allowed-response-headers` lists them.
 */
export interface Ingress {
  /** Which controller it is. */
  controller: "traefik" | "nginx" | "envoy-gateway";
  /** Its IngressClass, or GatewayClass. @default `traefik`, `nginx` or `envoy` */
  className?: string;
  /** Namespace that its pods run in; they become the end `ingress` of flows. */
  namespace?: string;
  /** Its pods: one of the platform's `peers` or `gateways`. */
  peer?: string;
  /** With `envoy-gateway`: one of the platform's `gateways`. @default the only one; one of the class's name if there is none */
  gateway?: string;
}

/** Hosts, and where their requests go. Plain HTTP is redirected to HTTPS. */
export interface Route {
  /** Namespace of the route, its services and its certificate. */
  namespace: string;
  /** Full host names. */
  hosts: string[];
  /** Service that answers. */
  service: string;
  /** Port of the service. */
  port: number;
  /** Paths that other services answer. */
  paths?: RoutePath[];
  /** Which route wins where several match, with Traefik: the highest. @default the longest rule */
  priority?: number;
  /** What requests pass on their way, in order; names of the platform's `middlewares`. */
  middlewares: string[];
  /** Who lets requests in: one of the platform's `oauth2Proxies`, or a middleware or a client of an identity provider with `forwardAuth`. */
  authentication?: string;
  /** Certificate for the hosts, one of the platform's `certificates`; needed unless a tenant's is used, or with `tlsPassthrough`. */
  certificate?: string;
  /** TLS versions and ciphers, one of the platform's `tlsOptions`. @default the controller's */
  tlsOptions?: string;
  /** Let connections live on for an hour while nothing is sent, as WebSockets do. @default false */
  websocket?: boolean;
  /** Hand the encrypted connection to the service, which has the certificate. @default false */
  tlsPassthrough?: boolean;
}

/** A path of a route's hosts that another service answers. */
export interface RoutePath {
  /** Path with all below it, such as `/api`. */
  path: string;
  /** Service that answers, in the route's namespace. */
  service: string;
  /** Port of the service. */
  port: number;
  /** Take the path away before the service sees the request. @default false */
  stripPrefix?: boolean;
}

/** TLS that routes accept. */
export interface TlsOptions {
  /** Oldest version accepted. */
  minVersion: "VersionTLS12" | "VersionTLS13";
  /** Cipher suites of TLS 1.2, by Go's names. */
  cipherSuites?: string[];
}
