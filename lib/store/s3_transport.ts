import { aborted, attend, attended, coded, timedOut } from "./attention.ts";
import { createLargeSender, type LargeSender } from "./http_send.ts";
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
  /** Close connections that no request uses just now. */
  closeIdle(): void;
  /** Close connections. */
  destroy(): void;
}

/** Sending this many bytes by `fetch` may take as long as a silence: it does not tell what goes on its way. */
const slowBytes = 4 * 1024 * 1024;
/** Bodies from this size on are sent from memory without a copy, in bytes. */
const largeBytes = 1024 * 1024;

/** How requests go. */
export interface S3TransportOptions {
  /** Authorities that are trusted besides the public ones, in PEM. */
  caCerts: readonly string[];
  /** Told of the dates of answers. */
  clock: StoreClock;
  /** A request of which nothing is heard for this long has ended, in milliseconds. */
  silentMs: number;
  /** The environment names a proxy, which only `fetch` knows to use. */
  byProxy: boolean;
}

/**
 * Sends by `fetch`, with authorities of its own where given: Deno 2.9's `node:https`, which the library would use,
 * forgets them when it opens a second connection. Failures get the codes by which the library knows them.
 */
export function createS3Transport(
  { caCerts, clock, silentMs, byProxy }: S3TransportOptions,
): S3Transport {
  const client = caCerts.length === 0
    ? undefined
    : Deno.createHttpClient({ caCerts: [...caCerts] });
  const large = createLargeSender({ caCerts, silentMs, silence: () => timedOut(silentMs) });
  return {
    async handle(given, { abortSignal } = {}) {
      const request = given as Request;
      const body = bodyOf(request);
      if (body instanceof Uint8Array && body.length >= largeBytes && !byProxy) {
        return { response: await sendLarge(large, { ...request, body }, { abortSignal, clock }) };
      }
      const size = typeof body === "string" ? body.length : body?.length ?? 0;
      const attention = attend(abortSignal instanceof AbortSignal ? abortSignal : undefined);
      try {
        const response = await attention.within(
          silentMs * (1 + size / slowBytes),
          () =>
            fetch(urlOf(request), {
              method: request.method,
              headers: headersOf(request),
              body,
              ...client === undefined ? {} : { client },
              redirect: "manual",
              signal: attention.signal,
            }),
        );
        clock.heard(response.headers.get("date"));
        const headers = Object.fromEntries(response.headers);
        if (response.body === null) {
          attention.end();
          return { response: { statusCode: response.status, headers } };
        }
        const watched = attended(response.body, attention, silentMs);
        return { response: { statusCode: response.status, headers, body: watched } };
      } catch (error) {
        attention.end();
        throw error;
      }
    },
    closeIdle: () => large.closeIdle(),
    destroy() {
      large.closeIdle();
      client?.close();
    },
  };
}

async function sendLarge(
  large: LargeSender,
  request: Request & { body: Uint8Array<ArrayBuffer> },
  { abortSignal, clock }: { abortSignal: unknown; clock: StoreClock },
): Promise<S3Answer> {
  const { method, body } = request;
  const signal = abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal;
  const url = new URL(urlOf(request));
  try {
    const answer = await large.send({
      method,
      url,
      headers: { ...headersOf(request), host: url.host, "content-length": String(body.length) },
      body,
    }, signal);
    clock.heard(answer.headers["date"] ?? null);
    return {
      statusCode: answer.statusCode,
      headers: answer.headers,
      body: new Blob([answer.body]).stream(),
    };
  } catch (error) {
    throw signal.aborted ? aborted(error) : coded(error);
  }
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

/** The host and the length follow from the URL and the body; and nobody here waits before sending a body. */
function headersOf({ headers }: Request): Record<string, string> {
  const { host: _host, "content-length": _length, expect: _expect, Expect: _Expect, ...rest } =
    headers;
  return rest;
}
