import type { RequestOptions, ResourceType } from "../core/cluster.ts";
import { SlipwayError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { StatusError } from "../core/status_error.ts";
import type { Deadline } from "./deadline.ts";
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

/** Whether a 404 is about the object, and not about its kind: then it has a Status with details. */
export function objectIsMissing({ status }: StatusError): boolean {
  return status.code === 404 && status.details !== undefined;
}
