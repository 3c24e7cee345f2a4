import type { Program } from "../../lib/local/programs/program.ts";

/** A server on loopback that plays upstream or a mirror. */
export interface Upstream extends AsyncDisposable {
  /** Its base URL. */
  url: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** What it answers, by path; anything else is 404. */
  answers: Map<string, () => Response | Promise<Response>>;
}

/** Start an {@linkcode Upstream} on a free port. */
export function startUpstream(): Upstream {
  const asked: string[] = [];
  const answers: Upstream["answers"] = new Map();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    return answers.get(pathname)?.() ?? new Response("no such file", { status: 404 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    answers,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that announces a length, sends some bytes and then cuts the connection. */
export function startCutOff(bytes: number, announced: number): { url: string } & Disposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${announced}\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head));
      await connection.write(new Uint8Array(bytes));
      connection.close();
    }
  };
  // The listener is closed while it waits for the next connection.
  serve().catch(() => {});
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]: () => listener.close(),
  };
}

/** A server that takes connections and never says a word. */
export function startSilent(): { url: string } & Disposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const serve = async () => {
    for await (const connection of listener) connections.push(connection);
  };
  serve().catch(() => {});
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]() {
      listener.close();
      for (const connection of connections) connection.close();
    },
  };
}

/** A program for tests: released below `base`, built from the `hello` module. */
export function testProgram(base: string, over: Partial<Program> = {}): Program {
  return {
    name: "hello",
    version: "v1.2.3",
    versionArguments: ["--version"],
    versionText: "hello v1.2.3",
    release: () => ({
      url: `${base}/v1.2.3/hello`,
      checksumUrl: `${base}/v1.2.3/hello.sha256`,
      checksumForm: "bare",
    }),
    module: "hello",
    package: "example.invalid/hello",
    linkerVariables: ["main.version=v1.2.3"],
    ...over,
  };
}
