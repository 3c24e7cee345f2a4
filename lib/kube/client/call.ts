import type { StatusError } from "../../core/status_error.ts";

/** One request to an API server. */
export interface Call {
  /** HTTP method. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query, from the server's root. */
  path: string;
  /** Body. */
  body?: string;
  /** Media type of the body. @default "application/json" */
  contentType?: string;
  /** Media types wanted. @default "application/json" */
  accept?: string;
  /**
   * Whether sending it twice does no harm. Where it might, it is repeated only
   * when the server cannot have acted on it.
   */
  repeatable: boolean;
  /** Refusals that are worth another try besides the usual ones. */
  alsoRetry?: (error: StatusError) => boolean;
  /** Values in the body that no error may show. */
  secrets?: () => readonly string[];
}

/** The answer to a {@linkcode Call} that succeeded. */
export interface Answer {
  /** Body. */
  text: string;
  /** Media type of the body, with its parameters. */
  contentType: string;
}

/** A request that the API server hands on. */
export interface PassedRequest {
  /** HTTP method. */
  method: string;
  /** Headers for what it is handed to. */
  headers: Readonly<Record<string, string>>;
  /** Body. */
  body?: string | Uint8Array<ArrayBuffer>;
}

/** An answer that goes on. */
export interface OpenAnswer {
  /** HTTP status code. */
  status: number;
  /** Headers. */
  headers: Headers;
  /** The body. */
  body: ReadableStream<Uint8Array>;
  /** Give its connection back; `dead` says that nobody should use it again. */
  release(dead: boolean): void;
}
