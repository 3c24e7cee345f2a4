import type { Resources } from "./container.ts";

/** An OAuth2 Proxy: in front of one service, or asked by routes that name it as their `authentication`. */
export interface OAuth2Proxy {
  /** Namespace of its pods. */
  namespace: string;
  /** Container image. */
  image: string;
  /** Number of pods. @default 2 */
  replicas: number;
  /** Requests and limits of each. */
  resources: Resources;
  /** People sign in at GitHub; this or `oidc`. */
  github?: GithubSignIn;
  /** People sign in at an OpenID Connect provider; this or `github`. */
  oidc?: OidcSignIn;
  /** Secret with OAUTH2_PROXY_CLIENT_ID, OAUTH2_PROXY_CLIENT_SECRET and OAUTH2_PROXY_COOKIE_SECRET. */
  secret: string;
  /** Service that it stands in front of; needs `hosts`. */
  upstream?: Upstream;
  /** Hosts that it answers; with `upstream`. */
  hosts?: string[];
  /** Certificate for the hosts, one of the platform's `certificates`. */
  certificate?: string;
  /** TLS versions and ciphers, one of the platform's `tlsOptions`. */
  tlsOptions?: string;
  /** What requests pass before it; names of the platform's `middlewares`. */
  middlewares: string[];
  /** How long a sign-in lasts, in hours. @default 168 */
  signedInHours: number;
}

/** Who may pass, by GitHub: at least one of the properties. */
export interface GithubSignIn {
  /** Members of this organization. */
  organization?: string;
  /** Only these teams of the organization. */
  teams?: string[];
  /** These users; beside an organization, they may pass as well. */
  users?: string[];
}

/** Who may pass, by an OpenID Connect provider. */
export interface OidcSignIn {
  /** URL of the issuer. */
  issuerUrl: string;
  /** Only members of these groups. @default all who can sign in there */
  groups?: string[];
}

/** A service behind a proxy. */
export interface Upstream {
  /** Name of the service. */
  service: string;
  /** Its namespace. @default the proxy's */
  namespace?: string;
  /** Its port. */
  port: number;
}

/** HAProxy on a host outside of the cluster, which spreads connections over nodes. */
export interface Haproxy {
  /** Address to listen on. @default all */
  listen: string;
  /** Addresses of the nodes, by name. */
  nodes: Record<string, string>;
  /** Ports to listen on, by name. */
  ports: Record<string, HaproxyPort>;
  /** Which node a new connection goes to. @default "roundrobin" */
  balance: "roundrobin" | "leastconn" | "source";
  /** How nodes are asked whether they can serve. */
  healthCheck: HealthCheck;
  /** A lost node must be left out in less than this time, in seconds. */
  failoverSeconds: number;
  /** Tell nodes the client's address by the PROXY protocol, which they must expect. @default false */
  proxyProtocol: boolean;
}

/** A port of HAProxy. */
export interface HaproxyPort {
  /** Port to listen on. */
  port: number;
  /** Port of the nodes. @default the same */
  nodePort?: number;
  /** `tcp` hands connections on untouched (layer 4), TLS included; `http` reads each request (layer 7). */
  mode: "tcp" | "http";
}

/** How HAProxy asks nodes for their state. */
export interface HealthCheck {
  /** Path of an HTTP GET that must be answered by 2xx or 3xx. @default "/healthz" */
  path: string;
  /** Port of the nodes that answers. */
  port: number;
  /** Time between checks, in milliseconds. @default 1000 */
  intervalMs: number;
  /** Time a check may take, in milliseconds. @default 500 */
  timeoutMs: number;
  /** Failures in a row that leave a node out. @default 3 */
  fall: number;
  /** Successes in a row that bring it back. @default 2 */
  rise: number;
}
