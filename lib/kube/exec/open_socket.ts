import type { ClientCertificate } from "../connection/auth.ts";
import type { ConnectionConfig } from "../connection/connection.ts";
import { dial } from "./dial.ts";
import { handshake, type HandshakeAnswer } from "./handshake.ts";
import { type Socket, socketOn, type SocketTimes } from "./socket.ts";

export type { Socket, SocketTimes };

/** What is asked of an API server. */
export interface SocketRequest {
  /** Path and query, from the server's root. */
  path: string;
  /** Headers, the one that says who asks among them. */
  headers: Headers;
  /** Protocols that would do, the best one first. */
  protocols: readonly string[];
  /** Certificate for the TLS handshake. */
  certificate: ClientCertificate | undefined;
}

/**
 * Open a WebSocket to an API server.
 *
 * @returns the socket, or what the server answered instead
 * @throws {Error} when there is no answer
 */
export async function openSocket(
  config: Pick<ConnectionConfig, "server" | "caPem" | "proxyUrl">,
  { path, headers, protocols, certificate }: SocketRequest,
  times: SocketTimes,
  signal: AbortSignal,
): Promise<{ socket: Socket } | Extract<HandshakeAnswer, { agreed: false }>> {
  const wire = await dial(config, certificate, signal);
  const onAbort = () => wire.close();
  signal.addEventListener("abort", onAbort, { once: true });
  let answer: HandshakeAnswer | undefined;
  try {
    const url = new URL(config.server + path);
    answer = await handshake(wire, { url, headers, protocols });
  } finally {
    signal.removeEventListener("abort", onAbort);
    if (!answer?.agreed && !signal.aborted) wire.close();
  }
  return answer.agreed ? { socket: socketOn(wire, answer, times) } : answer;
}
