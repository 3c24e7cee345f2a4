import type {
  BodyLimit,
  Cors,
  ForwardAuth,
  Platform,
  RateLimit,
  SecurityHeaders,
} from "../../../lib/platform/types.ts";

/** What requests pass, one of each kind, as controllers want it that have no middlewares to chain. */
export interface Passed {
  /** Limit of the rate. */
  rateLimit?: RateLimit;
  /** Headers of responses. */
  headers?: SecurityHeaders;
  /** Other origins. */
  cors?: Cors;
  /** Who is asked. */
  forwardAuth?: ForwardAuth;
  /** Limit of bodies. */
  bodyLimit?: BodyLimit;
}

/** Middlewares by their names, one of each kind; of two, the later. */
export function passedBy(
  names: readonly string[],
  middlewares: Platform["middlewares"],
): Passed {
  return Object.assign({}, ...names.map((name) => middlewares[name]));
}
