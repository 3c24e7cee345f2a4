import { type HttpAnswer, readAnswer } from "./http_answer.ts";

/** A request with a large body. */
export interface LargeRequest {
  /** HTTP method. */
  method: string;
  /** Whole URL. */
  url: URL;
  /** Headers, with the host. */
  headers: Record<string, string>;
  /** Body. */
  body: Uint8Array<ArrayBuffer>;
}

/** Sends requests with large bodies. */
export interface LargeSender {
  /** Send one request and read its answer. Aborting the signal ends both. */
  send(request: LargeRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Close connections that no request uses. */
  closeIdle(): void;
}

/** How much is sent at once, in bytes: so much must go on its way within one silence. */
const pieceBytes = 256 * 1024;

/**
 * Sends bodies straight from memory over HTTP/1.1. `fetch` copies a body twice, so that parts of an upload would take
 * several times their size, and it does not tell whether anything of it goes on its way.
 */
export function createLargeSender(
  { caCerts, silentMs, silence }: {
    caCerts: readonly string[];
    silentMs: number;
    silence: () => Error;
  },
): LargeSender {
  const idle = new Map<string, Deno.Conn[]>();

  const connect = async (
    { protocol, hostname: host, port }: URL,
    signal: AbortSignal,
  ): Promise<Deno.Conn> => {
    const hostname = host.replace(/^\[|\]$/g, "");
    const connecting: Promise<Deno.Conn> = protocol === "https:"
      ? Deno.connectTls({
        hostname,
        port: Number(port || 443),
        caCerts: [...caCerts],
        alpnProtocols: ["http/1.1"],
      })
      : Deno.connect({ hostname, port: Number(port || 80) });
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(silence()), silentMs);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      return await Promise.race([connecting, ended]);
    } catch (error) {
      connecting.then(closed, () => {});
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  };

  const exchange = async (
    connection: Deno.Conn,
    { method, url, headers, body }: LargeRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer> => {
    let failure: unknown;
    const fail = (error: unknown) => {
      failure ??= error;
      closed(connection);
    };
    const onAbort = () => fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(silence()), silentMs);
    };
    let isAnswered = false;
    const buffer = new Uint8Array(16 * 1024);
    const answering = readAnswer(async () => {
      const count = await connection.read(buffer);
      heard();
      return count === null ? null : buffer.slice(0, count);
    });
    // It is awaited below; until then its failure is not unhandled.
    answering.then(() => isAnswered = true, () => {});
    try {
      signal.throwIfAborted();
      heard();
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const head = [`${method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, "", ""];
      await writeAll(connection, new TextEncoder().encode(head.join("\r\n")));
      let at = 0;
      try {
        // Whoever is refused before all has come need not send the rest.
        for (; at < body.length && !isAnswered; at += pieceBytes) {
          await writeAll(connection, body.subarray(at, at + pieceBytes));
          heard();
        }
      } catch (error) {
        // A store can refuse and close at once: then there is an answer to be read.
        if (failure !== undefined) throw failure;
        return { ...await answering.catch(() => Promise.reject(error)), reusable: false };
      }
      const answer = await answering;
      return { ...answer, reusable: answer.reusable && at >= body.length };
    } catch (error) {
      throw failure ?? error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  };

  return {
    async send(request, signal) {
      const waiting = idle.get(request.url.origin) ?? [];
      idle.set(request.url.origin, waiting);
      for (;;) {
        const used = waiting.pop();
        const connection = used ?? await connect(request.url, signal);
        try {
          const answer = await exchange(connection, request, signal);
          if (answer.reusable) waiting.push(connection);
          else closed(connection);
          return answer;
        } catch (error) {
          closed(connection);
          // A store closes connections that were not used for long; a new one tells how it really is.
          if (used === undefined || signal.aborted || !isConnectionLost(error)) throw error;
        }
      }
    },
    closeIdle() {
      for (const connection of [...idle.values()].flat()) closed(connection);
      idle.clear();
    },
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function closed(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    // It was closed before.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.UnexpectedEof ||
    (error as { code?: unknown }).code === "ECONNRESET";
}
