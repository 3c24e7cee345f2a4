import { UsageError } from "../../core/errors.ts";
import type { ClientCertificate } from "../connection/auth.ts";
import type { ConnectionConfig } from "../connection/connection.ts";

/** A connection of bytes. */
export interface Wire {
  /** What arrives. */
  readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What is sent; a write resolves when the system has taken it. */
  writable: WritableStream<Uint8Array<ArrayBufferLike>>;
  /** End it at once. */
  close(): void;
}

/** Open a connection to an API server that carries HTTP/1.1, since a WebSocket needs it to itself. */
export async function dial(
  { server, caPem, proxyUrl }: Pick<ConnectionConfig, "server" | "caPem" | "proxyUrl">,
  certificate: ClientCertificate | undefined,
  signal: AbortSignal,
): Promise<Wire> {
  const url = new URL(server);
  if (proxyUrl !== undefined) {
    throw new UsageError(
      `Cannot run programs in pods of ${server}: its kubeconfig has a proxy-url, through which Slipway carries no WebSocket`,
      { remedy: "run the task where the API server can be reached without a proxy" },
    );
  }
  const secure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (secure ? 443 : 80));
  if (!secure) return await Deno.connect({ hostname, port, signal });
  const opening = Deno.connectTls({
    hostname,
    port,
    caCerts: caPem === undefined ? [] : [caPem],
    alpnProtocols: ["http/1.1"],
    ...(certificate === undefined ? {} : { cert: certificate.certPem, key: certificate.keyPem }),
  });
  return await unlessAborted(opening, signal);
}

/** TLS connections cannot be given up while they are made, so one that comes too late is closed then. */
async function unlessAborted(
  opening: Promise<Deno.TlsConn>,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    opening.then((late) => late.close(), () => {});
    reject(signal.reason);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const wire = await Promise.race([opening, aborted]);
    await Promise.race([wire.handshake(), aborted]);
    return wire;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
