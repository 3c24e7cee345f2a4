/** A proxy on loopback that passes bytes on until it is told otherwise. */
export interface TcpProxy extends AsyncDisposable {
  /** Port that it listens on. */
  port: number;
  /** Resolves when a connection was held: its server has sent more than `holdAfterBytes`. */
  held: Promise<void>;
  /** Let all connections go on, held ones with what waits. */
  release(): void;
  /** End all connections at once. */
  cut(): void;
}

/** How a proxy is to be. */
export interface TcpProxyOptions {
  /** Hold a connection when its server has sent more bytes than this. @default never */
  holdAfterBytes?: number;
}

/** Start a proxy in front of a port of this machine. */
export function startTcpProxy(
  target: { host: string; port: number },
  { holdAfterBytes = Infinity }: TcpProxyOptions = {},
): TcpProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();

  const close = (connection: Deno.Conn) => {
    if (!open.delete(connection)) return;
    connection.close();
  };
  const serve = async (client: Deno.Conn) => {
    open.add(client);
    const server = await Deno.connect({ hostname: target.host, port: target.port })
      .catch(() => undefined);
    if (server === undefined) return close(client);
    open.add(server);
    let sent = 0;
    const gate = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      async transform(chunk, controller) {
        sent += chunk.length;
        if (sent > holdAfterBytes) {
          held.resolve();
          await released.promise;
        }
        controller.enqueue(chunk);
      },
    });
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeThrough(gate).pipeTo(client.writable),
    ]);
    // The streams close what they belong to.
    open.delete(client);
    open.delete(server);
  };
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) serving.push(serve(connection));
  })();
  const cut = () => {
    for (const connection of [...open]) {
      try {
        close(connection);
      } catch {
        // It has ended just now.
      }
    }
  };
  return {
    port: listener.addr.port,
    held: held.promise,
    release: released.resolve,
    cut,
    async [Symbol.asyncDispose]() {
      released.resolve();
      listener.close();
      cut();
      await accepting;
      await Promise.allSettled(serving);
    },
  };
}
