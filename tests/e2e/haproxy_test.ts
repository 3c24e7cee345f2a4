import assert from "node:assert/strict";
import type { Haproxy } from "../../lib/platform/types.ts";
import { haproxyConfig } from "../../manifests/components/edges/haproxy.ts";
import { findDebianProgram, haproxy, runDebianProgram } from "./debian_program.ts";

const edge: Haproxy = {
  listen: "127.0.0.1",
  nodes: { "worker-1": "127.0.0.11", "worker-2": "127.0.0.12", "worker-3": "127.0.0.13" },
  ports: {
    http: { port: 80, nodePort: 30080, mode: "http" },
    https: { port: 443, nodePort: 30443, mode: "tcp" },
  },
  balance: "roundrobin",
  healthCheck: {
    path: "/healthz",
    port: 10254,
    intervalMs: 1000,
    timeoutMs: 500,
    fall: 3,
    rise: 2,
  },
  failoverSeconds: 5,
  proxyProtocol: false,
};

Deno.test("HAProxy itself finds nothing wrong with what is rendered for it", async () => {
  for (
    const options of [
      edge,
      {
        ...edge,
        listen: "*",
        nodes: { one: "10.0.0.1", six: "fd00::6" },
        balance: "leastconn",
        proxyProtocol: true,
      } satisfies Haproxy,
    ]
  ) {
    await withConfig(options, async (folder) => {
      const { code, stderr } = await runDebianProgram(
        haproxy,
        ["-c", "-f", "haproxy.cfg"],
        folder,
      );
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /WARNING|ALERT/);
    });
  }
});

Deno.test("HAProxy takes nodes in turn, leaves a hanging one out within 5 seconds, and takes it back", async () => {
  await using nodes = startNodes(Object.values(edge.nodes));
  const port = freePort();
  const options: Haproxy = {
    ...edge,
    ports: { https: { port, nodePort: nodes.trafficPort, mode: "tcp" } },
    healthCheck: { ...edge.healthCheck, port: nodes.healthPort },
  };
  await withHaproxy(options, async (saying) => {
    await listening(port);
    await seen(port, Object.values(edge.nodes));

    const lost = edge.nodes["worker-2"]!;
    await using held = await holdConnection(port, lost);
    const lostAt = performance.now();
    nodes.hang(lost);
    await saying(/Server https\/worker-2 is DOWN/);
    assert.equal(await held.closed, true, "a connection to the lost node was left to hang");
    const failoverMs = performance.now() - lostAt;
    assert.ok(failoverMs < options.failoverSeconds * 1000, `closed after ${failoverMs} ms`);
    for (let times = 0; times < 6; times++) assert.notEqual(await ask(port), lost);

    nodes.recover(lost);
    await saying(/Server https\/worker-2 is UP/);
    await seen(port, Object.values(edge.nodes));
  });
});

/** What is rendered, as a file. The package makes a user when it is installed; unpacked, it has made none. */
async function withConfig(
  options: Haproxy,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-haproxy-" });
  try {
    const config = haproxyConfig("edge", options).replaceAll(/^ +(user|group) haproxy\n/gm, "");
    await Deno.writeTextFile(`${folder}/haproxy.cfg`, config);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Run HAProxy. `saying` waits until it says something of a form. */
async function withHaproxy(
  options: Haproxy,
  work: (saying: (form: RegExp) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { path, env } = await findDebianProgram(haproxy);
  await withConfig(options, async (folder) => {
    const child = new Deno.Command(path, {
      args: ["-db", "-f", `${folder}/haproxy.cfg`],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    try {
      await work(async (form) => {
        while (!form.test(said)) {
          const { value, done } = await lines.read();
          assert(!done, `HAProxy ended before it said ${form}: ${said}`);
          said += value;
        }
      });
    } finally {
      child.kill("SIGTERM");
      await child.status;
      await lines.cancel();
    }
  });
}

interface Nodes extends AsyncDisposable {
  /** Port on which each node answers requests, by its own address. */
  trafficPort: number;
  /** Port on which each node answers health checks. */
  healthPort: number;
  /** Let a node accept connections, and answer nothing. */
  hang: (address: string) => void;
  /** Let it answer again. */
  recover: (address: string) => void;
}

/** Nodes on addresses of the loopback interface. */
function startNodes(addresses: readonly string[]): Nodes {
  const hanging = new Map<string, PromiseWithResolvers<void>>();
  const trafficPort = freePort();
  const healthPort = freePort();
  const servers = addresses.flatMap((hostname) =>
    [trafficPort, healthPort].map((port) =>
      Deno.serve({ hostname, port, onListen: () => {} }, async () => {
        await hanging.get(hostname)?.promise;
        return new Response(hostname);
      })
    )
  );
  const recover = (address: string) => {
    hanging.get(address)?.resolve();
    hanging.delete(address);
  };
  return {
    trafficPort,
    healthPort,
    hang: (address) => hanging.set(address, Promise.withResolvers()),
    recover,
    async [Symbol.asyncDispose]() {
      for (const address of addresses) recover(address);
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

/** A connection that was led to a node and is left open; `closed` once the other side has closed it. */
async function holdConnection(
  port: number,
  address: string,
): Promise<AsyncDisposable & { closed: Promise<boolean> }> {
  for (;;) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await send(connection, "keep-alive");
    const buffer = new Uint8Array(4096);
    const length = await connection.read(buffer);
    if (new TextDecoder().decode(buffer.subarray(0, length ?? 0)).endsWith(address)) {
      return {
        closed: connection.read(buffer).then((read) => read === null, () => true),
        [Symbol.asyncDispose]: () => Promise.resolve(connection.close()),
      };
    }
    connection.close();
  }
}

/** Ask until each node has answered; on a busy machine one may be thought lost for a moment. */
async function seen(port: number, nodes: readonly string[]): Promise<void> {
  const missing = new Set(nodes);
  const deadline = performance.now() + 20_000;
  while (missing.size > 0) {
    missing.delete(await ask(port));
    assert.ok(performance.now() < deadline, `never answered: ${[...missing].join(", ")}`);
  }
}

/** Which node answers a new connection. */
async function ask(port: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await send(connection, "close");
  const answer = await new Response(connection.readable).text();
  return answer.split("\r\n\r\n")[1] ?? "";
}

async function send(connection: Deno.Conn, then: "close" | "keep-alive"): Promise<void> {
  const request = `GET / HTTP/1.1\r\nHost: example.org\r\nConnection: ${then}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
}

/** Wait until something listens: the system answers as soon as the socket is there. */
async function listening(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused) || performance.now() > deadline) {
        throw error;
      }
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
