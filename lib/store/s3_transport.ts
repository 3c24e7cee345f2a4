import { messageOf } from "../core/errors.ts";
import type { StoreClock } from "./s3_clock.ts";

/** A request as the client library hands it over. Source: Smithy, HttpRequest. */
interface Request {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

/** An answer as the client library wants it. Source: Smithy, HttpResponse. */
export interface S3Answer {
  /** HTTP status code. */
  statusCode: number;
  /** Headers. */
  headers: Record<string, string>;
  /** Body. */
  body?: ReadableStream<Uint8Array>;
}

/** Sends the requests of the client library. Source: Smithy, HttpHandler. */
export interface S3Transport {
  /** Send one request. */
  handle(request: unknown, options?: { abortSignal?: unknown }): Promise<{ response: S3Answer }>;
  /** Close connections. */
  destroy(): void;
}

/** Sending this many bytes may take as long as a silence, a 16th of a mebibyte a second where that is a minute. */
const slowBytes = 4 * 1024 * 1024;

/** How requests go. */
export interface S3TransportOptions {
  /** Authorities that are trusted besides the public ones, in PEM. */
  caCerts: readonly string[];
  /** Told of the dates of answers. */
  clock: StoreClock;
  /** A request of which nothing is heard for this long has ended, in milliseconds. */
  silentMs: number;
}

/**
 * Sends by `fetch`, with authorities of its own where given: Deno 2.9's `node:https`, which the library would use,
 * forgets them when it opens a second connection. Failures get the codes by which the library knows them.
 */
export function createS3Transport({ caCerts, clock, silentMs }: S3TransportOptions): S3Transport {
  const client = caCerts.length === 0
    ? undefined
    : Deno.createHttpClient({ caCerts: [...caCerts] });
  return {
    async handle(given, { abortSignal } = {}) {
      const request = given as Request;
      const silence = new AbortController();
      const signals = [silence.signal, ...abortSignal instanceof AbortSignal ? [abortSignal] : []];
      const body = bodyOf(request);
      const size = typeof body === "string" ? body.length : body?.length ?? 0;
      const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
        const timer = setTimeout(() => silence.abort(timedOut(ms)), ms);
        try {
          return await work();
        } catch (error) {
          if (abortSignal instanceof AbortSignal && abortSignal.aborted) throw aborted(error);
          throw coded(error);
        } finally {
          clearTimeout(timer);
        }
      };
      const response = await within(silentMs * (1 + size / slowBytes), () =>
        fetch(urlOf(request), {
          method: request.method,
          headers: headersOf(request),
          body,
          ...client === undefined ? {} : { client },
          redirect: "manual",
          signal: AbortSignal.any(signals),
        }));
      clock.heard(response.headers.get("date"));
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: response.body === null
            ? undefined
            : watched(response.body, (read) => within(silentMs, read)),
        },
      };
    },
    destroy: () => client?.close(),
  };
}

/** The same stream, each of whose reads is waited for as `within` says. A reader that takes its time is no silence. */
function watched(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  within: <T>(read: () => Promise<T>) => Promise<T>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await within(() => reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

function bodyOf({ method, body }: Request): string | Uint8Array<ArrayBuffer> | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (body === undefined || typeof body === "string") return body;
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  throw new TypeError("only bytes that are in memory are sent, so that they can be sent again");
}

function urlOf({ protocol, hostname, port, path, query = {} }: Request): string {
  const parameters = Object.entries(query).flatMap(([key, value]) =>
    value === null
      ? [escaped(key)]
      : [value].flat().map((each) => `${escaped(key)}=${escaped(each)}`)
  );
  const search = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}${search}`;
}

/** What is signed escapes these four too. Source: AWS, "Signature Version 4", canonical request. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The host and the length follow from the URL and the body. */
function headersOf({ headers }: Request): Record<string, string> {
  const { host: _host, "content-length": _length, ...rest } = headers;
  return rest;
}

function timedOut(ms: number): Error {
  return Object.assign(new Error(`nothing came for ${(ms / 1_000).toFixed(1)} s`), {
    name: "TimeoutError",
  });
}

function aborted(cause: unknown): Error {
  return Object.assign(new Error("Request aborted", { cause }), { name: "AbortError" });
}

/** Source of the codes: AWS SDK for JavaScript, service-error-classification. */
function coded(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const text = messageOf(error);
  const code = /certificate|UnknownIssuer/i.test(text)
    ? "CERT_NOT_TRUSTED"
    : /dns error|failed to lookup/i.test(text)
    ? "ENOTFOUND"
    : /refused/i.test(text)
    ? "ECONNREFUSED"
    : "ECONNRESET";
  return Object.assign(new Error(text, { cause: error }), { code });
}
