import { messageOf } from "../core/errors.ts";
import { createStoreClock, type StoreClock } from "./s3_clock.ts";

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

/** An answer of which nothing comes for this long has ended, in milliseconds. */
const idleMs = 60_000;
/** The slowest sending that is waited for, in bytes a millisecond. */
const slowest = 64;

/**
 * Sends by `fetch`, with authorities of its own where given, in PEM: Deno 2.9's `node:https`, which the library would
 * use, forgets them when it opens a second connection. Failures get the codes by which the library knows what to repeat.
 */
export function createS3Transport(
  caCerts: readonly string[],
  clock: StoreClock = createStoreClock(),
): S3Transport {
  const client = caCerts.length === 0
    ? undefined
    : Deno.createHttpClient({ caCerts: [...caCerts] });
  return {
    async handle(given, { abortSignal } = {}) {
      const request = given as Request;
      const idle = new AbortController();
      const signals = [idle.signal, ...abortSignal instanceof AbortSignal ? [abortSignal] : []];
      const body = bodyOf(request);
      const size = typeof body === "string" ? body.length : body?.length ?? 0;
      let timer = setTimeout(() => idle.abort(timedOut()), idleMs + size / slowest);
      try {
        const response = await fetch(urlOf(request), {
          method: request.method,
          headers: headersOf(request),
          body,
          ...client === undefined ? {} : { client },
          redirect: "manual",
          signal: AbortSignal.any(signals),
        });
        clearTimeout(timer);
        clock.heard(response.headers.get("date"));
        const watched = response.body?.pipeThrough(
          new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
            start: () => void (timer = setTimeout(() => idle.abort(timedOut()), idleMs)),
            transform(chunk, controller) {
              clearTimeout(timer);
              timer = setTimeout(() => idle.abort(timedOut()), idleMs);
              controller.enqueue(chunk);
            },
            flush: () => clearTimeout(timer),
            cancel: () => clearTimeout(timer),
          }),
        );
        const headers = Object.fromEntries(response.headers);
        return {
          response: { statusCode: response.status, headers, body: watched ?? undefined },
        };
      } catch (error) {
        clearTimeout(timer);
        if (abortSignal instanceof AbortSignal && abortSignal.aborted) throw aborted(error);
        throw coded(error);
      }
    },
    destroy: () => client?.close(),
  };
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

function timedOut(): Error {
  return Object.assign(new Error(`nothing came for ${idleMs / 1000} s`), { name: "TimeoutError" });
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
