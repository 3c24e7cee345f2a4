import { Buffer } from "node:buffer";

/** A connection of a client, as the proxy sees it. */
export interface ProxiedConnection {
  /** Database that the client asked for; empty before it did. */
  database: string;
  /** What the client calls itself, such as `pg_dump`. */
  application: string;
  /** The statement that it sent last. */
  statement: string;
  /** Bytes that the client has sent since that statement. */
  sentBytes: number;
  /** Bytes that the server has sent since that statement. */
  receivedBytes: number;
  /** Port by which the server knows it. */
  serverPort: number;
  /** End it at both sides. */
  cut(): void;
}

/** Where a connection is: the client logs in, sends a statement, rows go either way, or the client says good-bye. */
export type ProxiedMoment = "login" | "statement" | "rows" | "end";

/** A proxy in front of a Postgres, on loopback, which knows its protocol. */
export interface PostgresProxy extends AsyncDisposable {
  /** Port that it listens on. */
  port: number;
  /** Connections that are open. */
  open: ReadonlySet<ProxiedConnection>;
  /** Ports by which the server has known its connections. */
  serverPorts: number[];
  /** Called before what was sent is passed on, which waits for it. Nothing happens unless it is set. */
  watch: (connection: ProxiedConnection, moment: ProxiedMoment) => void | Promise<void>;
}

/** Source: PostgreSQL, "Message Formats", SSLRequest, GSSENCRequest. */
const encryptionRequests = [80877103, 80877104];

/** Start a proxy in front of a Postgres that does not encrypt. */
export function startPostgresProxy(target: { host: string; port: number }): PostgresProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<ProxiedConnection>();
  const work = new Set<Promise<void>>();
  const proxy: PostgresProxy = {
    port: listener.addr.port,
    open,
    serverPorts: [],
    watch: () => {},
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.cut();
      await accepting;
      await Promise.allSettled(work);
    },
  };
  const serve = async (client: Deno.TcpConn) => {
    const server = await Deno.connect({ hostname: target.host, port: target.port })
      .catch(() => undefined);
    if (server === undefined) return closed(client);
    const connection: ProxiedConnection = {
      ...{ database: "", application: "", statement: "" },
      ...{ sentBytes: 0, receivedBytes: 0 },
      serverPort: (server.localAddr as Deno.NetAddr).port,
      cut() {
        closed(client);
        closed(server);
      },
    };
    proxy.serverPorts.push(connection.serverPort);
    open.add(connection);
    const told = async (moment: ProxiedMoment) => void await proxy.watch(connection, moment);
    await Promise.allSettled([
      pass(client, server, messagesOf(connection, told)),
      pass(server, client, async (bytes, write) => {
        connection.receivedBytes += bytes.length;
        await told("rows");
        await write(bytes);
      }),
    ]);
    connection.cut();
    open.delete(connection);
  };
  const accepting = (async () => {
    for await (const client of listener) {
      const served = serve(client).finally(() => work.delete(served));
      work.add(served);
    }
  })();
  return proxy;
}

type Write = (bytes: Uint8Array) => Promise<void>;
type OnBytes = (bytes: Uint8Array, write: Write) => Promise<void>;

/** Pass bytes on until one side ends; then nothing more is of use to the other one. */
async function pass(from: Deno.TcpConn, to: Deno.TcpConn, onBytes: OnBytes): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  const write: Write = async (bytes) => {
    for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
  };
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) break;
      await onBytes(buffer.subarray(0, count), write);
    }
  } finally {
    closed(to);
    closed(from);
  }
}

/** Reads what a client sends, message by message. Source: PostgreSQL, "Frontend/Backend Protocol". */
function messagesOf(
  connection: ProxiedConnection,
  told: (moment: ProxiedMoment) => Promise<void>,
): OnBytes {
  let held = Buffer.alloc(0);
  let begun = false;
  /** Bytes that are left of rows. */
  let rows = 0;
  return async (bytes, write) => {
    held = Buffer.concat([held, bytes]);
    while (held.length > 0) {
      if (rows > 0) {
        const piece = held.subarray(0, rows);
        rows -= piece.length;
        held = held.subarray(piece.length);
        connection.sentBytes += piece.length;
        await told("rows");
        await write(piece);
        continue;
      }
      const head = begun ? 5 : 4;
      if (held.length < head) return;
      const size = held.readInt32BE(head - 4) + head - 4;
      const type = begun ? String.fromCharCode(held[0]!) : "";
      if (type === "d") {
        rows = size;
        continue;
      }
      if (held.length < size) return;
      const message = held.subarray(0, size);
      held = held.subarray(size);
      if (!begun) {
        if (!encryptionRequests.includes(message.readInt32BE(4))) {
          begun = true;
          const fields = message.toString("utf8", 8).split("\0");
          connection.database = valueOf(fields, "database");
          connection.application = valueOf(fields, "application_name");
          await told("login");
        }
      } else if (type === "Q" || type === "P") {
        const text = message.toString("utf8", 5).split("\0");
        connection.statement = (type === "Q" ? text[0] : text[1]) ?? "";
        connection.sentBytes = 0;
        connection.receivedBytes = 0;
        await told("statement");
      } else if (type === "X") {
        await told("end");
      }
      await write(message);
    }
  };
}

function valueOf(fields: readonly string[], name: string): string {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at < 0 ? "" : fields[at + 1] ?? "";
}

function closed(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}
