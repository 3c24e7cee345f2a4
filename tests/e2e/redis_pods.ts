import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import type { Redis } from "../../lib/platform/types.ts";
import { objectsOf } from "../../manifests/components/data/parts.ts";
import { redis } from "../../manifests/components/data/redis.ts";
import { find } from "../manifests/find.ts";
import { type DebianProgram, findDebianProgram } from "./debian_program.ts";

/** Redis' client, and beside it, by another name, its server. Source: Debian's redis-server, a link to redis-check-rdb. */
const redisTools: DebianProgram = {
  name: "redis-cli",
  package: "redis-tools",
  libraries: ["libjemalloc2", "liblua5.1-0", "liblzf1", "lua-bitop", "lua-cjson"],
};

/** A process that stands for a pod, and what it says. */
export interface RedisPod {
  /** Address that it listens on. */
  address: string;
  /** Wait until it has said something since its start. */
  says(pattern: RegExp): Promise<void>;
  /** Kill it as the kernel does. */
  kill(): Promise<void>;
}

/** What is rendered for Redis, started as processes on loopback addresses of their own. */
export interface RedisGround extends AsyncDisposable {
  /** Start a server, by its number. */
  server(index: number): Promise<RedisPod>;
  /** Start a Sentinel on a node, by the node's number. */
  sentinel(node: number): Promise<RedisPod>;
  /** Ask by redis-cli; the lines of the answer. */
  ask(pod: RedisPod, ...command: string[]): Promise<string[]>;
}

const ports = { server: "6379", sentinel: "26379" } as const;

/**
 * Make a ground for servers and Sentinels. Names of pods are known in a mount namespace alone, in which each
 * process has another /etc/hosts; the paths of mounts are those of a folder.
 */
export async function redisGround(options: Redis, password: string): Promise<RedisGround> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-redis-" });
  const manifests = objectsOf(redis("cache", options));
  const { data } = find(manifests, "ConfigMap", `${options.namespace}/cache-config`);
  const tools = await findDebianProgram(redisTools);
  const bin = join(folder, "bin");
  await Deno.mkdir(bin);
  await Deno.symlink(tools.path, join(bin, "redis-cli"));
  await Deno.symlink(join(dirname(tools.path), "redis-check-rdb"), join(bin, "redis-server"));
  const names = Array.from(
    { length: options.replicas },
    (_, index) => `cache-${index}.cache-headless.${options.namespace}.svc.cluster.local`,
  );
  const hosts = join(folder, "hosts");
  await Deno.writeTextFile(
    hosts,
    [
      "127.0.0.1 localhost",
      ...names.map((name, index) => `127.0.21.${index + 1} ${name}`),
      `127.0.22.1 cache-sentinel.${options.namespace}.svc.cluster.local`,
      "",
    ].join("\n"),
  );
  const env = {
    PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
    LC_ALL: "C.UTF-8",
    ...tools.env,
    REDISCLI_AUTH: password,
  };
  const inNamespace = (command: string[], more: Record<string, string> = {}) =>
    new Deno.Command("unshare", {
      args: [
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        'mount --bind "$0" /etc/hosts && exec "$@"',
        hosts,
        ...command,
      ],
      clearEnv: true,
      env: { ...env, ...more },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const running = new Set<RedisPod>();

  async function start(role: "server" | "sentinel", number: number): Promise<RedisPod> {
    const [kind, name] = role === "server"
      ? ["StatefulSet", "cache"]
      : [options.sentinel.kind, "cache-sentinel"];
    const { spec } = find(manifests, kind!, `${options.namespace}/${name}`).spec.template;
    const pod = await Deno.makeTempDir({ dir: folder, prefix: `${role}-${number}-` });
    const here = (text: string) =>
      text.replaceAll(/(?<=^|[\s"])\/(config|run\/redis|data)(?=\/|$|[\s"])/gm, `${pod}/$1`);
    for (const place of ["config", "run/redis", "data"]) {
      await Deno.mkdir(join(pod, place), { recursive: true });
    }
    const address = `127.0.${role === "server" ? 21 : 22}.${number + (role === "server" ? 1 : 0)}`;
    for (const [file, text] of Object.entries<string>(data)) {
      // In a pod, a Sentinel's own address is the only one that it has.
      const own = file === "sentinel.conf" ? `sentinel announce-ip ${address}\n` : "";
      await Deno.writeTextFile(join(pod, "config", file), here(text) + own);
    }
    const values: Record<string, string> = {
      POD: `cache-${number}`,
      NODE: `node-${number}`,
      REDISCLI_AUTH: password,
    };
    for (const { name, value } of spec.initContainers[0].env) {
      if (value === undefined) continue;
      values[name] = value.replaceAll(
        /\$\((\w+)\)/g,
        (_: string, other: string) => values[other]!,
      );
    }
    const configured = await inNamespace(spec.initContainers[0].command.map(here), values).output();
    assert.equal(configured.code, 0, new TextDecoder().decode(configured.stderr));
    const child = inNamespace([...spec.containers[0].command.map(here), "--bind", address])
      .spawn();
    const started = follow(child, address);
    running.add(started);
    return started;
  }

  return {
    server: (index) => start("server", index),
    sentinel: (node) => start("sentinel", node),
    ask: async ({ address }, ...command) => {
      const port = address.startsWith("127.0.21.") ? ports.server : ports.sentinel;
      const { stdout } = await inNamespace(["redis-cli", "-h", address, "-p", port, ...command])
        .output();
      return new TextDecoder().decode(stdout).trimEnd().split("\n");
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...running].map((pod) => pod.kill()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Collects what a process says, and tells those who wait for some of it. */
function follow(child: Deno.ChildProcess, address: string): RedisPod {
  let said = "";
  let tell = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      tell.resolve();
      tell = Promise.withResolvers();
    }
  })();
  const errors = new Response(child.stderr).text();
  return {
    address,
    says: async (pattern) => {
      const ended = child.status.then(() => "ended" as const);
      while (!pattern.test(said)) {
        if (await Promise.race([tell.promise, ended]) === "ended") {
          assert.fail(`it ended before it said ${pattern}: ${said}${await errors}`);
        }
      }
    },
    kill: async () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It ended by itself.
      }
      await Promise.all([child.status, reading, errors]);
    },
  };
}
