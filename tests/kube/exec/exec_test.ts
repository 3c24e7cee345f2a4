import assert from "node:assert/strict";
import type { ClusterClient } from "../../../lib/core/cluster.ts";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { ProgramFailed } from "../../../lib/core/program_failed.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { createClient } from "../../../lib/kube/client/client.ts";
import { fixedCredential } from "../../../lib/kube/connection/auth.ts";

const pod = { namespace: "shop", name: "db-0", container: "postgres" };
const { signal } = new AbortController();
const text = new TextEncoder();

/** What an API server that runs programs does with one. */
type Script = (socket: WebSocket, asked: URL) => void;

interface Options {
  protocol?: string;
  refuse?: Response;
  secret?: string;
}

/** A client of an API server on loopback that plays a script for each program. */
async function withServer(
  script: Script,
  work: (client: ClusterClient, asked: URL[]) => Promise<void>,
  { protocol = "v5.channel.k8s.io", refuse, secret }: Options = {},
): Promise<void> {
  const asked: URL[] = [];
  const sockets: WebSocket[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(new URL(request.url));
    if (refuse !== undefined) return refuse;
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol });
    socket.binaryType = "arraybuffer";
    sockets.push(socket);
    socket.onopen = () => script(socket, new URL(request.url));
    return response;
  });
  const redactor = createRedactor();
  if (secret !== undefined) redactor.add(secret);
  const client = createClient({
    server: `http://127.0.0.1:${server.addr.port}`,
    contextName: "test",
    namespace: "default",
    credentials: fixedCredential({ authorization: "Bearer t0ken" }),
  }, { redactor });
  try {
    await work(client, asked);
  } finally {
    client.close();
    for (const socket of sockets) socket.close();
    await server.shutdown();
  }
}

function say(socket: WebSocket, channel: number, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  socket.send(Uint8Array.from([channel, ...bytes]));
}

function end(socket: WebSocket, exitCode = 0): void {
  const causes = [{ reason: "ExitCode", message: String(exitCode) }];
  say(
    socket,
    3,
    JSON.stringify(
      exitCode === 0
        ? { status: "Success" }
        : { status: "Failure", reason: "NonZeroExitCode", details: { causes } },
    ),
  );
  socket.close();
}

Deno.test("exec() asks for the program, word by word, in the container that is named", () =>
  withServer((socket) => end(socket), async (client, asked) => {
    const program = await client.exec(pod, { argv: ["psql", "--command=a b&c", "-"] }, { signal });
    await program.done;
    const [url] = asked;
    assert.equal(url!.pathname, "/api/v1/namespaces/shop/pods/db-0/exec");
    assert.deepEqual(url!.searchParams.getAll("command"), ["psql", "--command=a b&c", "-"]);
    assert.equal(url!.searchParams.get("container"), "postgres");
    assert.equal(url!.searchParams.get("stdin"), null);
  }));

Deno.test("exec() gives what a program prints, and keeps its standard error apart", () =>
  withServer((socket) => {
    say(socket, 1, "one ");
    say(socket, 2, "a warning\n");
    say(socket, 1, new Uint8Array(100_000).fill(120));
    end(socket);
  }, async (client) => {
    const program = await client.exec(pod, { argv: ["tar"] }, { signal });
    const output = await new Response(program.stdout).text();
    assert.equal(output, `one ${"x".repeat(100_000)}`);
    await program.done;
    assert.equal(program.stderr(), "a warning\n");
  }));

Deno.test("a program's exit code is its failure, with what it said and without secrets", () =>
  withServer((socket) => {
    say(socket, 1, "half");
    say(socket, 2, "password hunter2 is wrong\n");
    end(socket, 3);
  }, async (client) => {
    const program = await client.exec(pod, { argv: ["/usr/bin/pg_dump"] }, { signal });
    const isFailure = (error: unknown) => {
      assert.ok(error instanceof ProgramFailed);
      assert.deepEqual(error.end, {
        label: "pg_dump",
        exitCode: 3,
        stderr: "password ******** is wrong\n",
      });
      return true;
    };
    await assert.rejects(new Response(program.stdout).text(), isFailure);
    await assert.rejects(program.done, isFailure);
  }, { secret: "hunter2" }));

Deno.test("a connection that ends before the exit code is a failure, however it ends", async () => {
  for (const code of [undefined, 1000]) {
    await withServer((socket) => {
      say(socket, 1, "all of it, it seems");
      socket.close(code);
    }, async (client) => {
      const program = await client.exec(pod, { argv: ["pg_dump"] }, { signal });
      await assert.rejects(
        new Response(program.stdout).text(),
        (error) => error instanceof SlipwayError && /Lost pg_dump in Pod/.test(error.message),
      );
      await assert.rejects(program.done, /the connection was closed/);
    });
  }
});

Deno.test("a program gets its input in pieces, and then its end", () => {
  const got: number[] = [];
  return withServer((socket) => {
    socket.onmessage = ({ data }) => {
      const bytes = new Uint8Array(data as ArrayBuffer);
      got.push(bytes.length - 1);
      if (bytes[0] === 255) {
        assert.deepEqual([...bytes], [255, 0]);
        end(socket);
      }
    };
  }, async (client, asked) => {
    const stdin = new Blob([new Uint8Array(70_000)]).stream();
    const program = await client.exec(pod, { argv: ["psql"], stdin }, { signal });
    await program.done;
    assert.equal(got.slice(0, -1).reduce((sum, length) => sum + length), 70_000);
    assert.ok(got.every((length) => length <= 32 * 1024));
    assert.equal(asked[0]!.searchParams.get("stdin"), "true");
  });
});

Deno.test("input that fails is never told as its end", () => {
  const told: number[] = [];
  const closed = Promise.withResolvers<void>();
  return withServer((socket) => {
    socket.onmessage = ({ data }) => told.push(new Uint8Array(data as ArrayBuffer)[0]!);
    socket.onclose = () => closed.resolve();
    socket.onerror = () => closed.resolve();
  }, async (client) => {
    const stdin = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: () => Promise.reject(new Error("the backup is damaged")),
    }, { highWaterMark: 0 });
    const program = await client.exec(pod, { argv: ["pg_restore"], stdin }, { signal });
    await assert.rejects(program.done, /the backup is damaged/);
    await closed.promise;
    assert.ok(!told.includes(255));
  });
});

Deno.test("a server that cannot tell the end of input gets none, and runs all else", async () => {
  const v4 = { protocol: "v4.channel.k8s.io" };
  await withServer((socket) => end(socket), async (client) => {
    await (await client.exec(pod, { argv: ["true"] }, { signal })).done;
  }, v4);
  await withServer(() => {}, async (client) => {
    const stdin = new Blob(["x"]).stream();
    await assert.rejects(
      client.exec(pod, { argv: ["cat"], stdin }, { signal }),
      (error) => error instanceof SlipwayError && /1\.30/.test(error.remedy ?? ""),
    );
  }, { refuse: new Response(null, { status: 403 }) });
});

Deno.test("what the API server refuses is thrown as it says it", () =>
  withServer(() => {}, async (client) => {
    await assert.rejects(
      client.exec(pod, { argv: ["true"] }, { signal }),
      (error) => error instanceof StatusError && error.reason === "Forbidden",
    );
  }, {
    refuse: Response.json({
      kind: "Status",
      status: "Failure",
      code: 403,
      reason: "Forbidden",
      message: 'pods "db-0" is forbidden: User "ana" cannot create resource "pods/exec"',
    }, { status: 403 }),
  }));

Deno.test("an image without the program is named as the cause", () =>
  withServer((socket) => {
    const message = 'exec: "tar": executable file not found in $PATH';
    say(socket, 3, JSON.stringify({ status: "Failure", reason: "InternalError", message }));
    socket.close();
  }, async (client) => {
    const program = await client.exec(pod, { argv: ["tar"] }, { signal });
    await assert.rejects(program.done, /Cannot run tar in Pod shop\/db-0: its image has no tar/);
  }));

Deno.test("variables are refused: everybody who may read pods could read them", () =>
  withServer(() => {}, async (client, asked) => {
    const program = { argv: ["psql"] as const, env: { PGPASSWORD: "hunter2" } };
    await assert.rejects(client.exec(pod, program, { signal }), (error: Error) => {
      assert.match(error.message, /variables PGPASSWORD/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    assert.deepEqual(asked, []);
  }));

Deno.test("aborting ends a program with the reason", () =>
  withServer((socket) => say(socket, 1, "begun"), async (client) => {
    const ending = new AbortController();
    const program = await client.exec(pod, { argv: ["sleep"] }, { signal: ending.signal });
    const reader = program.stdout.getReader();
    await reader.read();
    const reason = new Error("the run was interrupted");
    ending.abort(reason);
    await assert.rejects(reader.read(), reason);
    await assert.rejects(program.done, reason);
  }));

Deno.test("a server is sent to no faster than the output is read", () => {
  const piece = new Uint8Array(32 * 1024 + 1);
  piece[0] = 1;
  const most = 200 << 20;
  let sent = 0;
  let send = () => {};
  return withServer((socket) => {
    send = () => {
      for (; socket.bufferedAmount < 1 << 20 && sent < most; sent += piece.length) {
        socket.send(piece);
      }
    };
  }, async (client) => {
    const program = await client.exec(pod, { argv: ["cat"] }, { signal });
    const reader = program.stdout.getReader();
    const reading = reader.read();
    let last = -1;
    // Buffers on the way are full when nothing is taken any more.
    while (last !== sent || sent === 0) {
      last = sent;
      send();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await reading;
    assert.ok(sent < most / 2, `${sent} bytes were taken though nobody read them`);
    await reader.cancel();
    await assert.rejects(program.done);
  });
});
