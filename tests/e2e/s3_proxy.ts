import { Buffer } from "node:buffer";

/** A request on its way to the store. */
export interface S3ProxyRequest {
  /** HTTP method. */
  method: string;
  /** Path, as it was sent. */
  path: string;
  /** Its query. */
  query: URLSearchParams;
  /** How many requests came before it. */
  index: number;
}

/** What becomes of a request. */
export type S3Fate =
  /** It reaches the store, and is answered. */
  | "pass"
  /** It is answered here, when all of it came. */
  | { status: number; code?: string; headers?: Record<string, string> }
  /** Its connection is cut after so many bytes of its body. */
  | { cutAfter: number }
  /** Nothing more happens after so many bytes of its body. */
  | { silentAfter: number }
  /** It reaches the store; the connection is cut after so many bytes of the answer, head included. */
  | { cutAnswerAfter: number }
  /** It reaches the store; nothing more comes after so many bytes of the answer, head included. */
  | { silentAnswerAfter: number }
  /** It reaches the store, whose answer comes with these bytes changed. */
  | { changeAnswer: (piece: Uint8Array) => void };

/** A proxy in front of a store, on loopback, which knows bytes and not only requests. */
export interface S3Proxy extends AsyncDisposable {
  /** Its URL. */
  endpoint: string;
  /** Says what becomes of each request, which waits until it is said. All pass unless it is set. */
  decide: (request: S3ProxyRequest) => S3Fate | Promise<S3Fate>;
  /** All requests that came, in order. */
  requests: S3ProxyRequest[];
}

/** Start a proxy in front of an HTTP endpoint. Each request has connections of its own. */
export function startS3Proxy(target: string): S3Proxy {
  const { hostname, port } = new URL(target);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const ending = Promise.withResolvers<void>();
  const work = new Set<Promise<void>>();
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    decide: () => "pass",
    requests: [],
    async [Symbol.asyncDispose]() {
      listener.close();
      ending.resolve();
      for (const each of open) close(each);
      await accepting;
      await Promise.allSettled(work);
    },
  };
  const close = (connection: Deno.Conn) => {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // The other side was faster.
    }
  };
  const serve = async (client: Deno.Conn) => {
    open.add(client);
    const { head, rest } = await readHead(client);
    if (head === undefined) return;
    const [line = "", ...headers] = head.split("\r\n");
    const [method = "", target = ""] = line.split(" ");
    const url = new URL(target, "http://store");
    const index = proxy.requests.length;
    const request = { method, path: url.pathname, query: url.searchParams, index };
    proxy.requests.push(request);
    const size = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const fate = await proxy.decide(request);
    const of = <K extends string>(key: K): number | undefined =>
      typeof fate === "object" && key in fate
        ? (fate as unknown as Record<K, number>)[key]
        : undefined;
    if (typeof fate === "object" && "status" in fate) {
      await forward(client, rest, size, () => Promise.resolve());
      await client.write(answerOf(fate));
      return;
    }
    const store = await Deno.connect({ hostname, port: Number(port) });
    open.add(store);
    try {
      const kept = headers.filter((header) => !/^connection:/i.test(header));
      await writeAll(store, text([line, ...kept, "connection: close", "", ""].join("\r\n")));
      const limit = of("cutAfter") ?? of("silentAfter");
      const sent = await forward(
        client,
        rest,
        Math.min(size, limit ?? size),
        (bytes) => writeAll(store, bytes),
      );
      if (of("silentAfter") !== undefined) await ending.promise;
      if (limit !== undefined || sent < size) return;
      const most = of("cutAnswerAfter") ?? of("silentAnswerAfter") ?? Infinity;
      let passed = 0;
      const buffer = new Uint8Array(64 * 1024);
      // An answer that is lost was given: a store whose client goes before that may leave its work half done.
      if (most === 0) await store.read(buffer);
      while (passed < most) {
        const count = await store.read(buffer.subarray(0, Math.min(buffer.length, most - passed)));
        if (count === null) break;
        const piece = buffer.subarray(0, count);
        if (typeof fate === "object" && "changeAnswer" in fate) fate.changeAnswer(piece);
        await writeAll(client, piece);
        passed += count;
      }
      if (of("silentAnswerAfter") !== undefined) await ending.promise;
    } finally {
      close(store);
    }
  };
  const accepting = (async () => {
    for await (const client of listener) {
      const served = serve(client).catch(() => {
        // One of both sides has gone, as tests have it.
      }).finally(() => {
        close(client);
        work.delete(served);
      });
      work.add(served);
    }
  })();
  return proxy;
}

const text = (value: string) => new TextEncoder().encode(value);

/** The head of a request without its empty line, and what came of its body with it. */
async function readHead(
  connection: Deno.Conn,
): Promise<{ head: string | undefined; rest: Uint8Array }> {
  let held = Buffer.alloc(0);
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const end = held.indexOf("\r\n\r\n");
    if (end >= 0) return { head: held.toString("latin1", 0, end), rest: held.subarray(end + 4) };
    const count = await connection.read(buffer);
    if (count === null) return { head: undefined, rest: held };
    held = Buffer.concat([held, buffer.subarray(0, count)]);
  }
}

/** Pass on `size` bytes of a body, of which `rest` came already. Returns how many came. */
async function forward(
  from: Deno.Conn,
  rest: Uint8Array,
  size: number,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const first = rest.subarray(0, size);
  await write(first);
  let passed = first.length;
  const buffer = new Uint8Array(64 * 1024);
  while (passed < size) {
    const count = await from.read(buffer.subarray(0, Math.min(buffer.length, size - passed)));
    if (count === null) break;
    await write(buffer.subarray(0, count));
    passed += count;
  }
  return passed;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function answerOf(
  { status, code, headers = {} }: {
    status: number;
    code?: string;
    headers?: Record<string, string>;
  },
): Uint8Array {
  const body = code === undefined
    ? ""
    : `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  const all = {
    "content-type": "application/xml",
    "content-length": body.length,
    connection: "close",
    date: new Date().toUTCString(),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return text([`HTTP/1.1 ${status} Test`, ...lines, "", body].join("\r\n"));
}
