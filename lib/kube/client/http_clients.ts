import { messageOf, UsageError } from "../../core/errors.ts";
import type { ClientCertificate } from "../connection/auth.ts";
import type { ConnectionConfig } from "../connection/connection.ts";

/** A place on a connection for one watch. */
export interface WatchPlace {
  /** The HTTP client to use. */
  http: Deno.HttpClient;
  /** Give the place back. */
  release(): void;
  /** Give the place back, and let no later watch use its connection. */
  abandon(): void;
}

/** The HTTP clients of one connection. */
export interface HttpClients {
  /** The client for ordinary requests. */
  ordinary(certificate: ClientCertificate | undefined): Deno.HttpClient;
  /** Let later requests use a new connection; those under way go on. */
  retire(http: Deno.HttpClient): void;
  /** A place for a watch, away from ordinary requests. */
  forWatch(certificate: ClientCertificate | undefined): WatchPlace;
  /** Close all. */
  close(): void;
}

/**
 * How many watches share a connection. API servers allow 100 streams on one
 * (golang.org/x/net/http2), and a watch holds its stream for minutes.
 */
const watchesPerConnection = 50;

/** Make HTTP clients as they are needed. */
export function createHttpClients(
  config: Pick<ConnectionConfig, "server" | "caPem" | "proxyUrl">,
): HttpClients {
  let ordinary: { http: Deno.HttpClient; certificate: ClientCertificate | undefined } | undefined;
  const watching = new Map<
    Deno.HttpClient,
    { certificate: ClientCertificate | undefined; watches: number }
  >();

  function retire(http: Deno.HttpClient): void {
    if (ordinary?.http === http) ordinary = undefined;
    else if (!watching.delete(http)) return;
    http.close();
  }

  return {
    ordinary(certificate) {
      if (ordinary !== undefined && ordinary.certificate !== certificate) retire(ordinary.http);
      ordinary ??= { http: createHttpClient(config, certificate), certificate };
      return ordinary.http;
    },
    retire,
    forWatch(certificate) {
      let found = [...watching].find(([, place]) =>
        place.certificate === certificate && place.watches < watchesPerConnection
      );
      if (found === undefined) {
        found = [createHttpClient(config, certificate), { certificate, watches: 0 }];
        watching.set(...found);
      }
      const [http, place] = found;
      place.watches++;
      return {
        http,
        release: () => void place.watches--,
        abandon: () => retire(http),
      };
    },
    close() {
      if (ordinary !== undefined) retire(ordinary.http);
      for (const http of [...watching.keys()]) retire(http);
    },
  };
}

function createHttpClient(
  { server, caPem, proxyUrl }: Pick<ConnectionConfig, "server" | "caPem" | "proxyUrl">,
  certificate: ClientCertificate | undefined,
): Deno.HttpClient {
  const options: Deno.CreateHttpClientOptions = {
    ...(caPem === undefined ? {} : { caCerts: [caPem] }),
    ...(proxyUrl === undefined ? {} : { proxy: { url: proxyUrl } }),
  };
  try {
    return certificate === undefined ? Deno.createHttpClient(options) : Deno.createHttpClient({
      ...options,
      cert: certificate.certPem,
      key: certificate.keyPem,
    });
  } catch (error) {
    throw new UsageError(
      `Cannot connect to ${server} with the client certificate ${certificate?.source ?? ""}: ${
        messageOf(error)
      }`,
      {
        remedy: "check that certificate and key belong together, or fetch a fresh kubeconfig",
        cause: error,
      },
    );
  }
}
