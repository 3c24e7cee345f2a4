import type { LocalCluster } from "../../lib/flows/embedded/cluster.ts";

/** A request on its way to the API server. */
export interface ProxiedRequest {
  /** How many came before it. */
  index: number;
  /** HTTP method. */
  method: string;
  /** Path without the query. */
  path: string;
  /** Whether it is a watch. */
  isWatch: boolean;
}

/**
 * What becomes of a request. `pass`: it is answered. `refuse`: 429 with Retry-After of a second. `cut`: its
 * answer breaks off in the middle of the first piece.
 */
export type Fate = "pass" | "refuse" | "cut";

/** A proxy in front of an API server, on loopback. */
export interface FaultProxy extends AsyncDisposable {
  /** Path of a kubeconfig that leads through the proxy, as the cluster's administrator. */
  kubeconfig: string;
  /** How many requests were refused, or their answers cut. */
  harmed: () => number;
}

/** Start a proxy that lets each request meet the fate that `decide` says. */
export async function startFaultProxy(
  cluster: LocalCluster,
  folder: string,
  decide: (request: ProxiedRequest) => Fate,
): Promise<FaultProxy> {
  const pem = (file: string) => Deno.readTextFile(`${cluster.folder}/certs/${file}`);
  const http = Deno.createHttpClient({
    caCerts: [await pem("ca.crt")],
    cert: await pem("admin.crt"),
    key: await pem("admin.key"),
    http2: false,
  });
  const ending = new AbortController();
  let harmed = 0;
  let index = 0;
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: ending.signal,
      onListen() {},
      // Answers that nobody waits for any more, since the run under test ended.
      onError: () => new Response(null, { status: 502 }),
    },
    async (request) => {
      const { pathname: path, search, searchParams } = new URL(request.url);
      const isWatch = searchParams.has("watch");
      const fate = decide({ index: index++, method: request.method, path, isWatch });
      if (fate === "refuse") {
        harmed++;
        await request.body?.cancel();
        return new Response("Too many requests, please try again later.", {
          status: 429,
          headers: { "retry-after": "1" },
        });
      }
      const answer = await fetch(cluster.server + path + search, {
        method: request.method,
        headers: request.headers,
        body: request.body === null ? null : await request.bytes(),
        client: http,
        signal: AbortSignal.any([ending.signal, request.signal]),
      });
      const body = fate === "cut" ? answer.body?.pipeThrough(cutOff(() => harmed++)) : answer.body;
      const headers = new Headers(answer.headers);
      // fetch has unpacked the body.
      headers.delete("content-encoding");
      headers.delete("content-length");
      return new Response(body, { status: answer.status, headers });
    },
  );
  const kubeconfig = `${folder}/proxied-${server.addr.port}.kubeconfig`;
  await Deno.writeTextFile(kubeconfig, kubeconfigText(`http://127.0.0.1:${server.addr.port}`, {}));
  return {
    kubeconfig,
    harmed: () => harmed,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
      http.close();
    },
  };
}

/** A kubeconfig with one context, `test`. JSON is YAML. */
export function kubeconfigText(
  server: string,
  user: Record<string, string>,
  cluster: Record<string, string> = {},
): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, ...cluster } }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  });
}

function cutOff(onCut: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(piece, controller) {
      onCut();
      controller.enqueue(piece.subarray(0, piece.length / 2));
      controller.error(new Error("cut off"));
    },
  });
}
