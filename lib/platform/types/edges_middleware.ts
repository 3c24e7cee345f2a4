/** What requests pass: exactly one of the properties. Made in each namespace whose routes name it. */
export interface Middleware {
  /** Refuses requests beyond a rate. */
  rateLimit?: RateLimit;
  /** Adds headers to each response. */
  headers?: SecurityHeaders;
  /** Tells browsers which other origins may call. */
  cors?: Cors;
  /** Asks a service whether a request may pass. */
  forwardAuth?: ForwardAuth;
  /** Refuses larger request bodies with 413. */
  bodyLimit?: BodyLimit;
}

/** A token bucket for each client address, in each pod of the controller. */
export interface RateLimit {
  /** Requests that each period allows. */
  average: number;
  /** Length of the period, such as `1m`; nginx and Envoy know seconds and minutes, Envoy hours too. */
  period: string;
  /** Requests that may come at once. Envoy has no such figure: a whole period's requests may. */
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

/** A service that sees the headers of each request first, and lets it pass by 2xx. */
export interface ForwardAuth {
  /** Service that is asked. */
  service: string;
  /** Its namespace. @default the route's */
  namespace?: string;
  /** Its port. */
  port: number;
  /** Path that is asked, such as `/verify`; Envoy appends the path of the request. */
  path: string;
  /** Headers of its answer that the request goes on with. */
  responseHeaders: string[];
  /** Where browsers sign in, on the route's own hosts. */
  signIn?: SignIn;
  /** The service must know which host was asked for, which nginx does not tell by itself. @default false */
  forwardedHost?: boolean;
}

/** Paths of a route's hosts that the asked service answers itself, without being asked first. */
export interface SignIn {
  /** All of its paths begin with this one, such as `/oauth2`. */
  path: string;
  /** Where nginx sends who is not signed in; the page to return to is appended. The others hand on the answer of the service. */
  start: string;
}

/** The largest request body. */
export interface BodyLimit {
  /** Size, such as `50Mi`. */
  size: string;
}
