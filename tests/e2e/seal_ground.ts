import type { ClusterClient } from "../../lib/core/cluster.ts";
import { runOperators } from "../../lib/flows/embedded/operators.ts";
import { programPath } from "../../lib/flows/embedded/programs.ts";
import { projectFolder } from "../../tasks/shared/project.ts";
import { makePair, type SealingPair } from "../seal/sealing_pair.ts";
import { type TestCluster, withCluster } from "./cluster_fixture.ts";

/** How a program ended, and what it said. */
export interface Ended {
  /** Exit code. */
  code: number;
  /** Standard output. */
  stdout: string;
  /** Standard error. */
  stderr: string;
}

/** A sealed-secrets controller that runs, and what is needed to speak to it. */
export interface SealGround {
  /** The way to the API server of its cluster. */
  client: ClusterClient;
  /** The key that it opens with, and its certificate. */
  pair: SealingPair;
  /** URL of the controller. */
  url: string;
  /** A folder of the test's own, with `cert.pem`, `key.pem` and `kubeconfig`. */
  folder: string;
  /** Let the way to the controller answer this where it answers anything, as when it is down; undefined ends that. */
  answerWith: (answer: ((path: string) => Response | undefined) | undefined) => void;
  /** Run `seal-secret` as deno.json does, in the folder, with text for its standard input. */
  seal: (args: readonly string[], stdin?: string) => Promise<Ended>;
  /** Run kubeseal likewise. */
  kubeseal: (args: readonly string[], stdin?: string) => Promise<Ended>;
}

const service = { namespace: "kube-system", name: "sealed-secrets-controller" };

/** Run the controller beside an embedded cluster, with a key that the test knows, work with it, and end both. */
export async function withController(
  work: (ground: SealGround) => Promise<void>,
): Promise<void> {
  await withCluster("sealing", async ({ client, context }: TestCluster) => {
    const pair = await makePair();
    await client.create(keySecret(pair));
    const [operator] = await runOperators("sealing", ["sealed-secrets"], context);
    const { url } = operator!;
    const kubeseal = await programPath("kubeseal", context);
    const folder = await Deno.makeTempDir({ prefix: "slipway-seal-" });
    let other: ((path: string) => Response | undefined) | undefined;
    const proxy = serveProxy((request) =>
      other?.(new URL(request.url).pathname) ?? forward(request, url)
    );
    try {
      await Deno.writeTextFile(`${folder}/cert.pem`, pair.cert);
      await Deno.writeTextFile(`${folder}/key.pem`, pair.key);
      await Deno.writeTextFile(`${folder}/kubeconfig`, kubeconfigOf(proxy.addr.port));
      const task = [
        ...[Deno.execPath(), "run", "-q", "-P=seal-secret"],
        ...[`--config=${projectFolder}deno.json`, `${projectFolder}tasks/seal_secret.ts`],
        ...[`INIT_CWD=${folder}`, "HOME=", "--"],
      ];
      await work({
        client,
        pair,
        url,
        folder,
        answerWith: (answer) => other = answer,
        seal: (args, stdin) => run([...task, ...args], folder, stdin),
        kubeseal: (args, stdin) => run([kubeseal, ...args], folder, stdin),
      });
    } finally {
      await proxy.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** A key as the controller keeps it; of one that is there it makes no other. */
function keySecret({ cert, key }: SealingPair) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: {
      namespace: service.namespace,
      name: "sealed-secrets-key-of-test",
      labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" },
    },
    data: { "tls.crt": btoa(cert), "tls.key": btoa(key) },
  };
}

/**
 * Stands for the API server's proxy, which does not reach loopback.
 * Source: Kubernetes, "Access services running on clusters".
 */
function serveProxy(handle: (request: Request) => Response | Promise<Response>) {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handle);
}

async function forward(request: Request, url: string): Promise<Response> {
  const path = decodeURIComponent(new URL(request.url).pathname);
  const own = `/api/v1/namespaces/${service.namespace}/services/`;
  if (path === own + service.name) {
    return Response.json({
      apiVersion: "v1",
      kind: "Service",
      metadata: service,
      spec: { ports: [{ port: 8080 }] },
    });
  }
  const [, passed] = /services\/http:sealed-secrets-controller:\/proxy(\/.*)$/.exec(path) ?? [];
  if (passed === undefined) return status(404, "NotFound", `there is no ${path}`);
  const { method } = request;
  const body = method === "GET" ? undefined : await request.bytes();
  const answer = await fetch(url + passed, { method, body });
  return new Response(await answer.bytes(), { status: answer.status });
}

/** A failure as the API server tells it. Source: k8s.io/apimachinery, meta/v1 Status. */
export function status(code: number, reason: string, message: string): Response {
  const body = { apiVersion: "v1", kind: "Status", status: "Failure", code, reason, message };
  return Response.json(body, { status: code });
}

function kubeconfigOf(port: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test", namespace: "shop" } }],
  });
}

async function run(command: readonly string[], cwd: string, stdin = ""): Promise<Ended> {
  const [program, ...args] = command;
  const child = new Deno.Command(program!, {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // One that ends before it has read all is no failure of the test's.
  await writer.write(new TextEncoder().encode(stdin)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
