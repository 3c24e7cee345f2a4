import { fixedCredential } from "../../lib/kube/connection/auth.ts";
import { type ClientOptions, createClient } from "../../lib/kube/client/client.ts";
import type { ConnectionConfig } from "../../lib/kube/connection/connection.ts";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { createRedactor } from "../../lib/core/redact.ts";

/** A request that the fake server received. */
export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: string;
}

/** Answers a request; undefined leaves it to the defaults: discovery, else 404. */
export type Handler = (
  request: FakeRequest,
) => Response | Promise<Response> | undefined;

/** An API server made of literals, on loopback. */
export interface FakeApi {
  url: string;
  /** All requests besides discovery. */
  requests: FakeRequest[];
  /** How often discovery was asked. */
  discoveries: string[];
  close(): Promise<void>;
}

const kinds = [
  ["", "v1", "configmaps", "ConfigMap", true],
  ["", "v1", "secrets", "Secret", true],
  ["", "v1", "pods", "Pod", true],
  ["", "v1", "namespaces", "Namespace", false],
  ["apps", "v1", "deployments", "Deployment", true],
  ["cert-manager.io", "v1beta1", "certificates", "Certificate", true],
] as const;

/** Aggregated discovery of the kinds that the fake serves. */
export function aggregated(path: string): Response {
  const shown = kinds.filter(([group]) => (group === "") === (path === "/api"));
  const groups = Map.groupBy(shown, ([group]) => group);
  return new Response(
    JSON.stringify({
      items: [...groups].map(([group, members]) => ({
        metadata: { name: group },
        versions: [{
          version: members[0]![1],
          freshness: "Current",
          resources: members.map(([, , resource, kind, namespaced]) => ({
            resource,
            responseKind: { kind },
            scope: namespaced ? "Namespaced" : "Cluster",
            verbs: ["get", "list", "watch", "patch"],
          })),
        }],
      })),
    }),
    {
      headers: {
        "content-type": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
      },
    },
  );
}

/** Start a fake API server. Close it, and each client of it. */
export function startFakeApi(handler: Handler): FakeApi {
  const requests: FakeRequest[] = [];
  const discoveries: string[] = [];
  const ending = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: ending.signal, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      const asked = {
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: await request.text(),
      };
      const isDiscovery = ["/api", "/apis"].includes(url.pathname);
      isDiscovery ? discoveries.push(url.pathname) : requests.push(asked);
      const answer = await handler(asked);
      if (answer !== undefined) return answer;
      return isDiscovery
        ? aggregated(url.pathname)
        : new Response("404 page not found\n", { status: 404 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    discoveries,
    async close() {
      ending.abort();
      await server.finished;
    },
  };
}

/** A JSON answer. */
export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

/** A Status answer, as an API server gives it. */
export function status(
  code: number,
  reason: string,
  more: { message?: string; details?: unknown; headers?: Record<string, string> } = {},
): Response {
  const { headers, message = reason, details } = more;
  return json({
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code,
    reason,
    message,
    details,
  }, {
    status: code,
    headers,
  });
}

/** A ConfigMap. */
export function configMap(name: string, resourceVersion?: string) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace: "shop",
      ...(resourceVersion ? { uid: name, resourceVersion } : {}),
    },
  };
}

/** A connection to a URL without credentials. */
export function connectionTo(
  server: string,
  more: Partial<ConnectionConfig> = {},
): ConnectionConfig {
  return {
    server,
    contextName: "fake",
    namespace: "default",
    credentials: fixedCredential({}),
    ...more,
  };
}

/** What {@linkcode withFakeApi} gives to a test. */
export interface FakeWorld {
  api: FakeApi;
  client: ClusterClient;
  /** Waits between tries that were asked for, in milliseconds; none is really waited. */
  waits: number[];
}

/** Run a test against a fake API server, and close all afterwards. */
export async function withFakeApi(
  handler: Handler,
  test: (world: FakeWorld) => Promise<void>,
  options: Partial<ClientOptions> & { connection?: Partial<ConnectionConfig> } = {},
): Promise<void> {
  const api = startFakeApi(handler);
  const waits: number[] = [];
  const client = createClient(connectionTo(api.url, options.connection), {
    redactor: createRedactor(),
    retry: {
      random: () => 0,
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    },
    ...options,
  });
  try {
    await test({ api, client, waits });
  } finally {
    client.close();
    await api.close();
  }
}

/** A watch's answer whose lines a test writes. */
export function watchAnswer(): {
  response: Response;
  send(type: string, object: unknown): void;
  sendText(text: string): void;
  end(): void;
} {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
  const sendText = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  return {
    response: new Response(body, { headers: { "content-type": "application/json" } }),
    sendText,
    send: (type, object) => sendText(JSON.stringify({ type, object }) + "\n"),
    end: () => controller.close(),
  };
}
