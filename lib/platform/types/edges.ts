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
  /** External services, by name. */
  externalServices: Record<string, ExternalService>;
}

/** The ingress controller that routes are written for. */
export interface Ingress {
  /** Which controller it is. */
  controller: "traefik";
  /** Its IngressClass, which HTTP-01 challenges name. */
  className: string;
  /** Peer that its pods are, one of the platform's `peers`. */
  peer: string;
}

/** Hosts, and where their requests go. */
export interface Route {
  /** Namespace of the route, its service and its certificate. */
  namespace: string;
  /** Full host names. */
  hosts: string[];
  /** Service that answers. */
  service: string;
  /** Port of the service. */
  port: number;
  /** Which route wins where several match: the highest. */
  priority: number;
  /** What requests pass on their way, in order; names of the platform's `middlewares`. */
  middlewares: string[];
  /** Certificate for the hosts, one of the platform's `certificates`. */
  certificate: string;
  /** TLS versions and ciphers, one of the platform's `tlsOptions`. */
  tlsOptions: string;
}

/** What requests pass: exactly one of `rateLimit`, `headers`, `cors`. Made in each namespace whose routes name it. */
export interface Middleware {
  /** Refuses requests beyond a rate with 429. */
  rateLimit?: RateLimit;
  /** Adds headers to each response. */
  headers?: SecurityHeaders;
  /** Tells browsers which other origins may call. */
  cors?: Cors;
}

/** A token bucket for each client address. */
export interface RateLimit {
  /** Requests that each period allows. */
  average: number;
  /** Length of the period, such as `1m`. */
  period: string;
  /** Requests that may come at once. */
  burst: number;
}

/** Security headers of responses. */
export interface SecurityHeaders {
  /** How long browsers insist on HTTPS (HSTS), in seconds. */
  hstsSeconds: number;
  /** Whether HSTS holds for subdomains too. */
  hstsIncludeSubdomains: boolean;
  /** Forbid framing. */
  frameDeny: boolean;
  /** Forbid guessing of content types. */
  contentTypeNosniff: boolean;
  /** Turn on the XSS filter of old browsers. */
  browserXssFilter: boolean;
  /** Value of Referrer-Policy. */
  referrerPolicy: string;
  /** Value of Permissions-Policy. */
  permissionsPolicy?: string;
}

/** Cross-origin resource sharing. */
export interface Cors {
  /** Origins that may call, such as `https://example.org`. */
  origins: string[];
  /** Methods that may be used. */
  methods: string[];
  /** Request headers that may be sent. */
  headers: string[];
  /** Whether cookies and authorization may be sent. */
  credentials: boolean;
  /** How long browsers may remember the answer, in seconds. */
  maxAgeSeconds: number;
}

/** TLS that routes accept. Made in each namespace whose routes name it. */
export interface TlsOptions {
  /** Oldest version accepted. */
  minVersion: "VersionTLS12" | "VersionTLS13";
  /** Cipher suites of TLS 1.2, by Go's names. */
  cipherSuites?: string[];
}

/** An ACME account from which certificates come, for all namespaces. */
export interface Issuer {
  /** URL of the ACME directory. */
  server: string;
  /** Address that is told of expiring certificates. */
  email: string;
  /** How control of a host is shown. */
  challenge: "http01";
}

/** A TLS certificate. */
export interface Certificate {
  /** Namespace of its Secret, which has the certificate's name. */
  namespace: string;
  /** Names that it is valid for. */
  hosts: string[];
  /** One of the platform's `issuers`. */
  issuer: string;
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
