import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { componentNames } from "../../lib/local/components.ts";
import { cachedPath } from "../../lib/local/programs/cached_program.ts";
import { localFolders } from "../../lib/local/paths.ts";
import { controlPlanePrograms } from "../../lib/local/programs/control_plane.ts";
import { processFacts } from "../../lib/local/process_table.ts";
import { findComponents } from "../../lib/local/supervise.ts";
import { etcdValue } from "./etcd_key.ts";
import { type Ground, withGround } from "./ground.ts";
import { listeningAddresses, loopbackOnly } from "./listening.ts";
import { summaryOf, type TaskOutcome } from "./task.ts";

interface ClusterGround extends Omit<Ground, "asAdmin"> {
  /** Run `deno task cluster` with these arguments. */
  cluster: Ground["run"];
  /** Do something as the administrator of a cluster. */
  asAdmin: <T>(name: string, work: (client: ClusterClient) => Promise<T>) => Promise<T>;
}

function withClusters(names: readonly string[], test: (ground: ClusterGround) => Promise<void>) {
  return withGround((ground) =>
    test({
      ...ground,
      cluster: (args, options) => ground.run(["cluster", ...args], options),
      asAdmin: (name, work) => ground.asAdmin(work, name),
    }), names);
}

async function succeeds(outcome: Promise<TaskOutcome>): Promise<TaskOutcome> {
  const ended = await outcome;
  assert.equal(ended.code, 0, ended.stderr + ended.stdout);
  return ended;
}

const clusterTask = fileURLToPath(new URL("../../tasks/cluster.ts", import.meta.url));
const marker = "plainly-to-be-seen-7f3a";

Deno.test("an embedded cluster from its first start to its reset", async (t) => {
  await withClusters(["life"], async ({ cluster, folderOf, pidsOf, asAdmin }) => {
    const folder = folderOf("life");
    const up = () => succeeds(cluster(["up", "--name", "life", "--json"]));

    await t.step("comes up from nothing, in less than 700 MiB", async () => {
      // As much garbage as Go keeps where nobody says otherwise.
      const env = { GOGC: "100" };
      const summary = summaryOf(
        await succeeds(cluster(["up", "--name", "life", "--json"], { env })),
      );
      assert.deepEqual(Object.keys(await pidsOf("life")), [...componentNames]);
      assert.ok((summary.rssBytes as number) < 700 * 2 ** 20, `${summary.rssBytes} bytes`);
      const { items } = await asAdmin(
        "life",
        (client) => client.list({ apiVersion: "v1", kind: "Node" }),
      );
      assert.deepEqual(items.map(({ metadata }) => metadata.name), ["node-1", "node-2", "node-3"]);
    });

    await t.step("keeps its files from others, and listens on loopback only", async () => {
      assert.deepEqual(await tooOpen(folder), []);
      const addresses = await listeningAddresses(Object.values(await pidsOf("life")));
      assert.ok(addresses.length > 0);
      assert.deepEqual(addresses.filter((address) => !loopbackOnly(address)), []);
    });

    await t.step("encrypts Secrets at rest, and tells who did what in its audit log", async () => {
      await asAdmin("life", async (client) => {
        const metadata = { name: "demo", namespace: "default" };
        const data = { text: `config-${marker}` };
        await client.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data });
        const stringData = { text: `secret-${marker}` };
        await client.create({ apiVersion: "v1", kind: "Secret", metadata, stringData }, {});
        await client.list({
          apiVersion: "v1",
          kind: "Secret",
          namespace: "default",
          labelSelector: "a=b",
        });
      });
      const text = (bytes: Uint8Array | undefined) => new TextDecoder("latin1").decode(bytes);
      const raw = await etcdValue(folder, "/registry/secrets/default/demo");
      assert.match(text(raw), /^k8s:enc:secretbox:v1:key-1:/);
      assert.ok(!text(raw).includes(marker) && !text(raw).includes(btoa(`secret-${marker}`)));
      const plain = await etcdValue(folder, "/registry/configmaps/default/demo");
      assert.ok(text(plain).includes(`config-${marker}`), "what is not encrypted is to be read");
      const stored = await textBelow(`${folder}/etcd/data`);
      assert.ok(stored.includes(`config-${marker}`), "what is not encrypted is to be seen");
      assert.ok(stored.includes("k8s:enc:secretbox:v1:key-1"));
      assert.ok(!stored.includes(`secret-${marker}`));
      assert.ok(!stored.includes(btoa(`secret-${marker}`)));
      const audit = await auditOf(folder);
      assert.ok(
        audit.some(({ user, verb, requestURI }) =>
          user.username === "slipway-admin" && verb === "create" &&
          requestURI.startsWith("/api/v1/namespaces/default/secrets")
        ),
      );
      assert.ok(
        audit.some(({ verb, requestURI }) =>
          verb === "list" && requestURI.includes("labelSelector=a%3Db")
        ),
      );
      assert.ok(!JSON.stringify(audit).includes(marker), "bodies are not in the audit log");
    });

    await t.step("gives service accounts tokens that may do what RBAC grants", async () => {
      const { token } = await asAdmin(
        "life",
        (client) => client.requestToken({ namespace: "default", name: "default" }),
      );
      const { server } = summaryOf(await cluster(["status", "--name", "life", "--json"]));
      const caCerts = [await Deno.readTextFile(`${folder}/certs/ca.crt`)];
      using http = Deno.createHttpClient({ caCerts });
      const ask = async (bearer: string) => {
        const headers = { authorization: `Bearer ${bearer}` };
        const url = `${server}/api/v1/namespaces/default/secrets`;
        const answer = await fetch(url, { client: http, headers });
        return `${answer.status} ${(await answer.json()).message}`;
      };
      assert.match(await ask(token), /^403 .*"system:serviceaccount:default:default" cannot list/);
      assert.equal(await ask(`${token}x`), "401 Unauthorized");
    });

    await t.step("is left alone by a second up: same processes, no writes", async () => {
      const before = await pidsOf("life");
      const writes = (await writesByAdmin(folder)).length;
      const summary = summaryOf(await up());
      assert.deepEqual(await pidsOf("life"), before);
      assert.equal((await writesByAdmin(folder)).length, writes);
      assert.ok((summary.durationMs as number) < 5_000, `${summary.durationMs} ms`);
    });

    await t.step("gets back what was killed, and keeps the rest", async () => {
      for (
        const killed of [["kube-scheduler", "kwok", "node-agent"], ["kube-apiserver"], ["etcd"]]
      ) {
        const before = await pidsOf("life");
        for (const name of killed) Deno.kill(before[name]!, "SIGKILL");
        await gone(killed.map((name) => before[name]!));
        const status = await cluster(["status", "--name", "life", "--json"]);
        assert.equal(status.code, 5, `${killed}: ${status.stderr}`);
        assert.deepEqual(summaryOf(status).missing, killed);
        await up();
        const after = await pidsOf("life");
        const kept = componentNames.filter((name) => before[name] === after[name]);
        assert.deepEqual(kept, componentNames.filter((name) => !killed.includes(name)));
        await asAdmin("life", (client) => mustHaveDemo(client, "Secret"));
      }
    });

    await t.step(
      "keeps its data over down and up, also when its port was taken",
      async () => {
        const address = summaryOf(await cluster(["status", "--name", "life", "--json"])).server;
        await succeeds(cluster(["down", "--name", "life"]));
        assert.deepEqual(await pidsOf("life"), {});
        const taken = Deno.listen({
          hostname: "127.0.0.1",
          port: Number(new URL(`${address}`).port),
        });
        const moved = summaryOf(await up()).server;
        taken.close();
        assert.notEqual(moved, address);
        await asAdmin("life", (client) => mustHaveDemo(client, "Secret"));
        const ready = await cluster(["status", "--name", "life", "--json"]);
        assert.equal(ready.code, 0, ready.stdout + ready.stderr);
      },
    );

    await t.step("tells a shell how to reach it", async () => {
      const { stdout } = await succeeds(cluster(["env", "--name", "life"]));
      assert.match(stdout, new RegExp(`^export KUBECONFIG='${folder}/kubeconfig'$`, "m"));
    });

    await t.step("is removed only when that is confirmed, and then wholly", async () => {
      const asked = await cluster(["reset", "--name", "life"]);
      assert.equal(asked.code, 2, asked.stderr);
      assert.equal(Object.keys(await pidsOf("life")).length, componentNames.length);
      await succeeds(cluster(["reset", "--name", "life", "--yes"]));
      assert.deepEqual(await pidsOf("life"), {});
      const left = [...Deno.readDirSync(folder.slice(0, folder.lastIndexOf("/")))];
      assert.deepEqual(left, []);
    });
  });
});

Deno.test("a killed up leaves nothing that the next one cannot take over, beside another cluster", async () => {
  await withClusters(["steady", "killed"], async ({ cluster, folderOf, pidsOf, asAdmin }) => {
    await succeeds(cluster(["up", "--name", "steady", "--json"]));
    const steady = await pidsOf("steady");

    const up = ["up", "--name", "killed", "--json"];
    const nothing = await cluster(up, { killAfterLines: 1 });
    assert.equal(nothing.code, 137, "killed before anything was started");
    for (const point of ["etcd", "kube-apiserver", "kwok"] as const) {
      const { signal, left } = await killUpOnce(folderOf("killed"), point);
      assert.equal(signal, "SIGKILL", `up ended by itself before ${point} ran`);
      assert.ok(left.includes(point), `${point} outlives the run that started it`);
    }
    const [first, second] = await Promise.all([cluster(up), cluster(up)]);
    assert.deepEqual([first.code, second.code], [0, 0], first.stderr + second.stderr);

    const found = await findComponents(folderOf("killed"));
    assert.deepEqual(found.map(({ name }) => name), [...componentNames], "one process of each");
    await asAdmin("killed", (client) => client.read("/readyz"));
    assert.deepEqual(await pidsOf("steady"), steady);

    await succeeds(cluster(["down", "--name", "killed"]));
    assert.deepEqual(await pidsOf("steady"), steady);
  });
});

Deno.test("an up that cannot succeed says what failed, and where its log is", async (t) => {
  await withClusters(["sick"], async ({ cluster, folderOf, pidsOf }) => {
    const cache = await Deno.makeTempDir({ prefix: "slipway-e2e-cache-" });
    const env = { XDG_CACHE_HOME: cache, DENO_DIR: denoDir() };
    const log = (name: string) => `${folderOf("sick")}/logs/${name}.log`;
    try {
      await t.step("when a process ends by itself", async () => {
        await fakePrograms(cache, { etcd: "echo database is damaged >&2; exit 2" });
        const { code, stderr } = await cluster(["up", "--name", "sick"], { env });
        assert.equal(code, 1, stderr);
        assert.match(stderr, /etcd ended with exit code 2.*\n\s*database is damaged/);
        assert.ok(stderr.includes(log("etcd")) && stderr.includes("cluster reset"), stderr);
      });
      await t.step("when the API server does not become ready in time", async () => {
        await fakePrograms(cache, { etcd: "exec sleep 60" });
        const args = ["up", "--name", "sick", "--timeout", "2s"];
        const { code, stderr } = await cluster(args, { env });
        assert.equal(code, 4, stderr);
        assert.match(stderr, /the API server at https:\/\/127\.0\.0\.1:\d+ is not ready: /);
        assert.ok(stderr.includes(log("kube-apiserver")), stderr);
        assert.deepEqual(Object.keys(await pidsOf("sick")), ["etcd", "kube-apiserver"]);
      });
      await t.step("when it is interrupted: what was started stays for the next one", async () => {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-q", "-A", clusterTask, "up", "--name", "sick", "--json"],
          env: { ...env, XDG_STATE_HOME: folderOf("sick").split("/slipway/clusters/")[0]! },
          stdout: "piped",
          stderr: "null",
        }).spawn();
        const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
        let text = "";
        while (!text.includes("Start the control plane")) text += (await reader.read()).value;
        child.kill("SIGINT");
        while (!(await reader.read()).done);
        assert.equal((await child.status).code, 130);
        assert.ok("etcd" in await pidsOf("sick"));
      });
    } finally {
      await Deno.remove(cache, { recursive: true });
    }
  });
});

/** A cache that has the real programs, but for some that do what a line of shell says. */
async function fakePrograms(cacheHome: string, fakes: Record<string, string>): Promise<void> {
  const real = localFolders((name) => Deno.env.get(name)).cacheDir;
  for (const program of controlPlanePrograms) {
    const target = cachedPath(`${cacheHome}/slipway`, program);
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.remove(target).catch(() => {});
    const fake = fakes[program.name];
    if (fake === undefined) await Deno.symlink(cachedPath(real, program), target);
    else await Deno.writeTextFile(target, `#!/bin/sh\n${fake}\n`, { mode: 0o755 });
  }
}

/** Where Deno keeps packages; a task with another cache folder must still find them. */
function denoDir(): string {
  return Deno.env.get("DENO_DIR") ??
    `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;
}

/** Start `up` and kill it as soon as one component of the cluster runs; tell which ones then live on. */
async function killUpOnce(
  folder: string,
  name: string,
): Promise<{ signal: Deno.Signal | null; left: string[] }> {
  const before = new Set((await findComponents(folder)).map(({ pid }) => pid));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", clusterTask, "up", "--name", "killed", "--json"],
    env: { XDG_STATE_HOME: folder.slice(0, folder.indexOf("/slipway/clusters/")) },
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  // No event tells of a process that another process starts.
  while (!ended && !(await findComponents(folder)).some((each) => each.name === name)) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (!ended) child.kill("SIGKILL");
  const { signal } = await status;
  const left = (await findComponents(folder)).map((each) => each.name);
  assert.ok(before.size <= left.length, "what ran before still runs");
  return { signal, left };
}

/** Waits until processes have ended that are not this one's children. */
async function gone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    while ((await processFacts(pid))?.ended === false) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

async function mustHaveDemo(client: ClusterClient, kind: string): Promise<void> {
  const ref = { apiVersion: "v1", kind, namespace: "default", name: "demo" };
  const found = await client.get(ref);
  assert.equal((found as { data?: { text?: string } }).data?.text, btoa(`secret-${marker}`));
}

/** Files and folders that others than their owner may use. */
async function tooOpen(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    const mode = (await Deno.lstat(path)).mode! & 0o777;
    // Sockets take the mode that etcd gives them; the folder around them keeps others out.
    if (entry.isFile && (mode & 0o077) !== 0) found.push(`${path} ${mode.toString(8)}`);
    if (!entry.isDirectory) continue;
    if ((mode & 0o077) !== 0) found.push(`${path} ${mode.toString(8)}`);
    found.push(...await tooOpen(path));
  }
  return found;
}

/** All bytes of all files below a folder, as text. */
async function textBelow(folder: string): Promise<string> {
  let text = "";
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    text += entry.isDirectory
      ? await textBelow(path)
      : new TextDecoder("latin1").decode(await Deno.readFile(path));
  }
  return text;
}

interface AuditLine {
  user: { username: string };
  verb: string;
  requestURI: string;
}

async function auditOf(folder: string): Promise<AuditLine[]> {
  const text = await Deno.readTextFile(`${folder}/logs/audit.log`);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function writesByAdmin(folder: string): Promise<AuditLine[]> {
  return (await auditOf(folder)).filter(({ user, verb }) =>
    user.username === "slipway-admin" && !["get", "list", "watch"].includes(verb)
  );
}
