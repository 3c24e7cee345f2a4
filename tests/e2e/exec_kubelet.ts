import type { ClusterClient } from "../../lib/core/cluster.ts";
import { makeCertificate } from "../../lib/core/certificate.ts";
import type { KubeObject } from "../../lib/core/object.ts";

/** What runs programs for pods of simulated nodes. */
export interface ExecKubelet extends AsyncDisposable {
  /** Folder in which each claim has one: `<namespace>/<claim>`. Made when a pod first runs a program with it. */
  claims: string;
  /** All programs that ran, as `<pod>: <program> …`. */
  ran: string[];
  /** Cut all connections, as a node that goes away does. */
  cut(): void;
  /** Cut all connections as soon as a program of this name runs, once. */
  cutAt(name: string): void;
}

interface Pod extends KubeObject {
  spec: {
    containers: {
      name: string;
      env?: { name: string; value?: string }[];
      volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
    }[];
    volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[];
  };
}

/** How programs are run. */
export interface ExecKubeletOptions {
  /** Variables that all programs get. */
  env?: Record<string, string>;
}

/** By which nodes say that the API server may hand them WebSockets as they are. Source: Kubernetes 1.36, ExtendWebSocketsToKubelet. */
const feature = "ExtendWebSocketsToKubelet";

/**
 * Play the part of a kubelet in which programs run: each on this machine, as this user, in a mount namespace where the
 * pod's claims are folders of the test. Whoever can reach its port on loopback can run programs too, so it is for tests
 * only, and ends with them.
 */
export async function startExecKubelet(
  client: ClusterClient,
  { env = {} }: ExecKubeletOptions = {},
): Promise<ExecKubelet> {
  const claims = await Deno.makeTempDir({ prefix: "slipway-claims-" });
  const now = Temporal.Now.instant();
  const { cert, key } = await makeCertificate({
    commonName: "kubelet",
    purpose: "authority",
    notBefore: now.subtract({ minutes: 1 }),
    notAfter: now.add({ hours: 24 }),
  });
  const ran: string[] = [];
  const sockets = new Set<WebSocket>();
  const children = new Set<Deno.ChildProcess>();
  const running = new Set<Promise<void>>();
  let cuttingAt: string | undefined;
  const cut = () => {
    for (const socket of sockets) socket.close();
  };

  async function commandFor(url: URL): Promise<{ argv: string[]; env: Record<string, string> }> {
    const [, , namespace, name, container] = url.pathname.split("/").map(decodeURIComponent);
    const pod = await client.get<Pod>({
      apiVersion: "v1",
      kind: "Pod",
      namespace: namespace!,
      name: name!,
    });
    const spec = pod!.spec.containers.find((each) => each.name === container)!;
    const mounts: string[] = [];
    for (const { name: volume, mountPath, readOnly } of spec.volumeMounts ?? []) {
      const claim = pod!.spec.volumes?.find((each) => each.name === volume)?.persistentVolumeClaim;
      if (claim === undefined) continue;
      const folder = `${claims}/${namespace}/${claim.claimName}`;
      await Deno.mkdir(folder, { recursive: true });
      mounts.push(folder, mountPath, readOnly ? "ro" : "rw");
    }
    const argv = url.searchParams.getAll("command");
    ran.push(`${namespace}/${name}: ${argv.join(" ")}`);
    if (cuttingAt !== undefined && argv.join(" ").startsWith(cuttingAt)) {
      cuttingAt = undefined;
      cut();
    }
    const own = Object.fromEntries((spec.env ?? []).map(({ name, value = "" }) => [name, value]));
    if (mounts.length === 0) return { argv, env: own };
    const script =
      'while [ "$1" != -- ]; do mount --bind "$1" "$2" && mount -o "remount,bind,$3" "$2" || exit 125; shift 3; done; shift; exec "$@"';
    const root = Deno.uid() === 0 ? [] : ["--user", "--map-root-user"];
    const unshare = ["unshare", "--mount", ...root, "sh", "-c", script, "sh"];
    return { argv: [...unshare, ...mounts, "--", ...argv], env: own };
  }

  async function serve(socket: WebSocket, url: URL): Promise<void> {
    const say = (channel: number, bytes: Uint8Array) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      const message = new Uint8Array(bytes.length + 1);
      message[0] = channel;
      message.set(bytes, 1);
      socket.send(message);
    };
    const end = (status: unknown) => {
      say(3, new TextEncoder().encode(JSON.stringify(status)));
      socket.close();
    };
    // What arrives before the program runs is kept, or its input would begin in the middle.
    const early: Uint8Array<ArrayBuffer>[] = [];
    let take = (bytes: Uint8Array<ArrayBuffer>) => void early.push(bytes);
    const closed = Promise.withResolvers<void>();
    socket.onmessage = ({ data }) => take(new Uint8Array(data as ArrayBuffer));
    socket.onclose = () => closed.resolve();
    socket.onerror = () => closed.resolve();
    const { argv, env: own } = await commandFor(url);
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(argv[0]!, {
        args: argv.slice(1),
        env: { ...env, ...own },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch {
      const message = `exec: "${argv[0]}": executable file not found in $PATH`;
      end({ status: "Failure", reason: "InternalError", message });
      return await closed.promise;
    }
    children.add(child);
    const input = child.stdin.getWriter();
    const hasInput = url.searchParams.has("input");
    take = (bytes) => {
      if (bytes[0] === 0) input.write(bytes.subarray(1)).catch(() => {});
      if (bytes[0] === 255) input.close().catch(() => {});
    };
    for (const bytes of early) take(bytes);
    if (!hasInput) await input.close();
    void closed.promise.then(() => input.close().catch(() => {}));
    const pass = async (from: ReadableStream<Uint8Array>, channel: number) => {
      for await (const bytes of from) {
        while (socket.bufferedAmount > 1 << 20 && socket.readyState === WebSocket.OPEN) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        say(channel, bytes);
      }
    };
    await Promise.all([pass(child.stdout, 1), pass(child.stderr, 2)]);
    const { code } = await child.status;
    children.delete(child);
    end(
      code === 0 ? { status: "Success" } : {
        status: "Failure",
        reason: "NonZeroExitCode",
        message: `command terminated with non-zero exit code: exit status ${code}`,
        details: { causes: [{ reason: "ExitCode", message: String(code) }] },
      },
    );
    await closed.promise;
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
    (request) => {
      const asked = (request.headers.get("sec-websocket-protocol") ?? "").split(/\s*,\s*/);
      const { socket, response } = Deno.upgradeWebSocket(request, { protocol: asked[0]! });
      socket.binaryType = "arraybuffer";
      sockets.add(socket);
      const served = serve(socket, new URL(request.url)).finally(() => {
        sockets.delete(socket);
        running.delete(served);
      });
      running.add(served);
      return response;
    },
  );
  const { items } = await client.list({ apiVersion: "v1", kind: "Node" });
  for (const { metadata: { name } } of items) {
    await client.patch({ apiVersion: "v1", kind: "Node", name }, {
      status: {
        declaredFeatures: [feature],
        daemonEndpoints: { kubeletEndpoint: { Port: server.addr.port } },
      },
    }, { subresource: "status" });
  }
  return {
    claims,
    ran,
    cut,
    cutAt: (name) => void (cuttingAt = name),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      cut();
      await Promise.allSettled(running);
      await server.shutdown();
      await Deno.remove(claims, { recursive: true });
    },
  };
}
