import type { RequestOptions, ResourceType } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { Redactor } from "../../core/redact.ts";
import { StatusError } from "../../core/status_error.ts";
import type { Deadline } from "./deadline.ts";
import { KindNotServed } from "./kind_not_served.ts";
import { excerpt } from "./status_answer.ts";
import type { Answer, Transport } from "./transport.ts";
import type { WatchTimes } from "./watch.ts";

/** What the operations of one client share. */
export interface Session {
  /** URL of the API server. */
  server: string;
  /** Learns tokens that operations receive. */
  redactor: Redactor;
  /** Times of watches. */
  watchTimes: WatchTimes;
  /** Aborted when the client closes. */
  closing: AbortSignal;
  /** Sends requests. */
  transport: Transport;
  /** Do one operation, with discovery and retries, within its deadline. */
  within<T>(
    tried: string,
    options: RequestOptions | undefined,
    work: (deadline: Deadline) => Promise<T>,
  ): Promise<T>;
  /**
   * The kind as the server serves it.
   *
   * @throws {KindNotServed} when it does not
   */
  served(type: { apiVersion: string; kind: string }, deadline: Deadline): Promise<ResourceType>;
  /** Forget what discovery found. */
  forgetDiscovery(): void;
}

/**
 * The JSON of an answer.
 *
 * @throws {SlipwayError} when it is none, as from a web server that is no API server
 */
export function jsonOf<T>({ text }: Answer, { server }: Session, { tried }: Deadline): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new SlipwayError(
      `Cannot ${tried} at ${server}: the answer is "${excerpt(text)}", wanted JSON`,
      { remedy: "check that the server URL is the API server's own", cause },
    );
  }
}

/** Whether a failure is a 404 about the object, and not about its kind: then it has details. */
export function objectIsMissing(error: unknown): boolean {
  return error instanceof StatusError && error.status.code === 404 &&
    error.status.details !== undefined;
}

/**
 * The error to throw for a failure. Where the kind was served when discovery looked and is
 * not now, as after its CRD was deleted, discovery is forgotten and the kind named.
 */
export function failureOf(
  error: unknown,
  tried: string,
  { apiVersion, kind }: { apiVersion: string; kind: string },
  session: Session,
): unknown {
  const wentAway = error instanceof StatusError && error.status.code === 404 &&
    !objectIsMissing(error);
  if (!wentAway) return error;
  session.forgetDiscovery();
  return new KindNotServed(tried, apiVersion, kind, []);
}
