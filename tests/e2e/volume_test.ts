import assert from "node:assert/strict";
import { dirname } from "node:path";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import type { Manifest } from "../../lib/core/object.ts";
import { ProgramFailed } from "../../lib/core/program_failed.ts";
import type { ListedBackup } from "../../lib/backup/listing.ts";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { backupPostgres } from "../../lib/flows/postgres/backup.ts";
import { asidePrefix } from "../../lib/flows/volume/archive.ts";
import { backupVolume } from "../../lib/flows/volume/backup.ts";
import { expandVolume } from "../../lib/flows/volume/expand.ts";
import { restoreVolume } from "../../lib/flows/volume/restore.ts";
import { runInPod } from "../../lib/kube/exec/run_in_pod.ts";
import { throwIfNotReady, waitUntilReady } from "../../lib/kube/wait/wait.ts";
import { componentLabels } from "../../lib/platform/data_names.ts";
import { readPostgresDetails } from "../../lib/postgres/details.ts";
import { openStore } from "../../lib/store/open.ts";
import { hostContext, type TestContext } from "../context.ts";
import { type TestCluster, withCluster } from "./cluster_fixture.ts";
import { findDebianProgram, initdb } from "./debian_program.ts";
import { type ExecKubelet, startExecKubelet } from "./exec_kubelet.ts";
import { withKwokExec } from "./kwok_exec.ts";
import { type PostgresProcess, startPostgres } from "./postgres_process.ts";
import { startTcpProxy } from "./tcp_proxy.ts";

const namespace = "bareuptime-backend";
const claim = `${namespace}/backend-storage`;
const backend = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: namespace } as const;
const database = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  namespace,
  name: "database",
} as const;
const image = "registry.example.org/toolbox:1.0.0";
const { signal } = new AbortController();

interface Ground extends TestCluster {
  kubelet: ExecKubelet;
  postgres: PostgresProcess;
  /** What flows are told: where the cluster, the store and the image are. */
  common: { kubeconfig: string; store: string; image: string };
  context: TestContext;
  /** Folder of the claim that the backend uses. */
  files: string;
}

Deno.test("programs run in pods of the embedded cluster, and volumes are backed up, restored and expanded through them", (t) =>
  withCluster("volume", async (cluster) => {
    const { client } = cluster;
    const context = hostContext({
      env: cluster.context.env,
      cwd: cluster.cluster.folder,
    });
    for (const manifest of objects()) await client.apply(manifest);
    throwIfNotReady(
      await waitUntilReady(client, [backend, database], { ...context, timeoutMs: 30_000 }),
    );
    await t.step(
      "a program runs on a node whose kubelet speaks SPDY only",
      () => onOldNode(cluster),
    );
    const { path } = await findDebianProgram(initdb);
    await using postgres = await startPostgres();
    await using kubelet = await startExecKubelet(client, {
      env: { PATH: `${dirname(path)}:${Deno.env.get("PATH")}` },
    });
    const common = {
      kubeconfig: cluster.cluster.kubeconfigPath,
      store: `${cluster.cluster.folder}/store`,
      image,
    };
    const files = `${kubelet.claims}/${claim}`;
    const ground: Ground = { ...cluster, context, kubelet, postgres, common, files };
    for (
      const [sentence, work] of [
        ["a program gets its input to its end, and its exit code comes back", exitCodes],
        ["a program whose connection is cut has failed, whatever it has printed", cutOff],
        ["a volume is backed up beside the pod that uses it, as that pod's user", backUp],
        ["an empty claim gets the files of another one", intoEmpty],
        ["files are replaced while nothing uses them, and all that was there is gone", replace],
        ["what a killed restore has set aside is back before anything else is done", afterKill],
        ["a restore that fails leaves what was there, and what used it runs again", failing],
        ["the volumes of a StatefulSet grow while its pods run on", expand],
        ["a StatefulSet that a killed run has left away comes back", expandAfterKill],
        [
          "pg_dump runs in the pod of a Postgres, and a connection that breaks leaves no backup",
          dump,
        ],
      ] as const
    ) await t.step(sentence, () => work(ground));
  }));

async function dump({ client, kubelet, common, context, postgres }: Ground): Promise<void> {
  const { host, user, password } = postgres;
  await using proxy = startTcpProxy(postgres, { holdAfterBytes: 3 * 1024 * 1024 });
  const [namespace, name] = ["homepage-prod", "postgresql"];
  const container = {
    name: "postgres",
    image: "docker.io/library/postgres:17.6",
    env: Object.entries({ PGHOST: host, PGPORT: `${proxy.port}`, PGPASSWORD: password })
      .map(([name, value]) => ({ name, value })),
  };
  for (
    const manifest of [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { namespace, name },
        stringData: { PGUSER: user },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { namespace, name: "db-0", labels: componentLabels("postgres", name, "server") },
        spec: { containers: [container] },
      },
    ]
  ) await client.apply(manifest);
  const pod = { apiVersion: "v1", kind: "Pod", namespace, name: "db-0" };
  throwIfNotReady(await waitUntilReady(client, [pod], { ...context, timeoutMs: 30_000 }));
  const run = runInPod(client, { namespace, name: "db-0" });
  const query = async (sql: string) => {
    const stdin = new Blob([sql]).stream();
    const argv = ["psql", "--username=postgres", "--quiet", "--file=-"] as const;
    await (await run({ argv, stdin }, { signal })).done;
  };
  await query("create table visits as select generate_series(1, 1000) as id;");
  const request = {
    ...common,
    platform: "vikingthedev",
    env: "prod",
    via: "exec" as const,
    databases: ["postgres"],
  };
  assert.equal(await backupPostgres(request, context), ExitCode.done);
  const told = summaryOf(context);
  assert.deepEqual([told["database"], told["rows"]], ["postgres", 1000]);
  assert.ok(
    kubelet.ran.some((line) =>
      /db-0: (.*\/)?pg_dump .*--snapshot.* --username=postgres/.test(line)
    ),
  );
  assert.ok(kubelet.ran.every((line) => !line.includes(password)));
  const store = await openStore(common.store, context);
  const listed = () =>
    listBackups(store, {
      ...{ kind: "postgres", scope: "vikingthedev-prod", name, item: "postgres" },
    }, context);
  const [{ record }] = (await listed()).backups as [ListedBackup];
  const { via, server, globals } = readPostgresDetails(record);
  assert.deepEqual([via, server.major, globals.passwords], ["exec", 15, true]);

  // More than a connection holds on its way.
  await query(
    "create table large as select repeat(md5(n::text), 50) as text from generate_series(1, 10000) n;",
  );
  const running = backupPostgres(request, context);
  running.catch(() => {});
  await proxy.held;
  kubelet.cut();
  await assert.rejects(running, /pg_dump/);
  proxy.release();
  const { backups, damaged } = await listed();
  assert.deepEqual([backups.length, damaged.length], [1, 0]);
}

async function onOldNode({ client, cluster }: TestCluster): Promise<void> {
  await withKwokExec(client, cluster, async () => {
    const run = runInPod(client, await podOf(client, "app=backend"));
    const program = await run({ argv: ["echo", "-n", "a word; $HOME"] }, { signal });
    assert.equal(await new Response(program.stdout).text(), "a word; $HOME");
    await program.done;
    const missing = await run({ argv: ["no-such-program"] }, { signal });
    await assert.rejects(missing.done, /Cannot run no-such-program .*its image has no/);
  });
}

async function exitCodes({ client }: Ground): Promise<void> {
  const run = runInPod(client, await podOf(client, "app=backend"));
  const counting = await run({
    argv: ["wc", "-c"],
    stdin: new Blob([new Uint8Array(3_000_001)]).stream(),
  }, { signal });
  assert.equal(await new Response(counting.stdout).text(), "3000001\n");
  await counting.done;
  const failing = await run({ argv: ["sh", "-c", "echo some; echo why >&2; exit 3"] }, { signal });
  const isFailure = (error: unknown) =>
    error instanceof ProgramFailed && error.end.exitCode === 3 && error.end.stderr === "why\n";
  await assert.rejects(new Response(failing.stdout).text(), isFailure);
  await assert.rejects(failing.done, isFailure);
}

async function cutOff({ client, kubelet }: Ground): Promise<void> {
  const run = runInPod(client, await podOf(client, "app=backend"));
  const dump = await run({ argv: ["sh", "-c", "echo half; exec sleep 30"] }, { signal });
  const reader = dump.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "half\n");
  kubelet.cut();
  await assert.rejects(reader.read(), /Lost sh in Pod .*: the connection was closed/);
  await assert.rejects(dump.done, /Lost sh/);
}

async function backUp({ client, common, context, kubelet, files }: Ground): Promise<void> {
  await Deno.mkdir(`${files}/certificates/empty`, { recursive: true });
  await Deno.writeTextFile(`${files}/certificates/näme with\nline.pem`, "certificate");
  await Deno.writeFile(`${files}/large`, crypto.getRandomValues(new Uint8Array(60_000)));
  await Deno.symlink("large", `${files}/latest`);
  await Deno.chmod(`${files}/large`, 0o640);
  const code = await backupVolume({ ...common, claims: [claim], unencrypted: true }, context);
  assert.equal(code, ExitCode.done);
  const told = summaryOf(context);
  assert.deepEqual([told["files"], told["fileBytes"]], [2, 60_011]);
  const [helper] = kubelet.ran.at(-1)!.split(":");
  const { items } = await client.list({ apiVersion: "v1", kind: "Pod", namespace });
  assert.ok(!items.some(({ metadata }) => `${namespace}/${metadata.name}` === helper));
}

async function intoEmpty({ client, common, context, kubelet, files }: Ground): Promise<void> {
  await client.apply(claimNamed("other"));
  const to = `${namespace}/other`;
  await restoreVolume({ ...common, claim, to, from: "latest" }, context);
  const other = `${kubelet.claims}/${to}`;
  assert.deepEqual(await treeOf(other), await treeOf(files));
  assert.equal((await Deno.stat(`${other}/large`)).mode! & 0o777, 0o640);
  await assert.rejects(
    restoreVolume({ ...common, claim, to, from: "latest" }, context),
    /Refused to restore into .*other: it has files/,
  );
}

async function replace(ground: Ground): Promise<void> {
  const { client, common, context, files } = ground;
  const before = await treeOf(files);
  await Deno.writeTextFile(`${files}/large`, "overwritten by mistake");
  await Deno.writeTextFile(`${files}/newer`, "made after the backup");
  const asked: unknown[] = [];
  const confirm: TestContext["confirm"] = (...question) => {
    asked.push(question);
    return Promise.resolve(true);
  };
  await restoreVolume({ ...common, claim, from: "latest", replace: true }, { ...context, confirm });
  assert.deepEqual(await treeOf(files), before);
  assert.match(JSON.stringify(asked), /Replace all files of .*backend-storage"\].*Stop Deployment/);
  assert.equal(await replicasOf(client), 1);
}

async function afterKill({ common, context, files, client }: Ground): Promise<void> {
  const before = await treeOf(files);
  // Moved aside, and half of the backup was there when it was killed.
  await Deno.mkdir(`${files}/${asidePrefix}x`);
  for (const name of ["certificates", "large", "latest"]) {
    await Deno.rename(`${files}/${name}`, `${files}/${asidePrefix}x/${name}`);
  }
  await Deno.mkdir(`${files}/certificates`);
  await Deno.writeTextFile(`${files}/certificates/half`, "ha");
  await client.patch(backend, {
    metadata: { annotations: { "slipway.dev/replicas-before-restore": "1" } },
    spec: { replicas: 0 },
  });
  await assert.rejects(
    restoreVolume({ ...common, claim, from: "latest" }, context),
    /Refused to restore into .*: it has files/,
  );
  assert.deepEqual(await treeOf(files), before);
  assert.equal(await replicasOf(client), 1);
}

async function failing({ common, context, files, client, kubelet }: Ground): Promise<void> {
  const before = await treeOf(files);
  kubelet.cutAt("tar --extract");
  await assert.rejects(
    restoreVolume({ ...common, claim, from: "latest", replace: true }, context),
    /Lost tar in Pod .*: the connection was closed/,
  );
  assert.deepEqual(await treeOf(files), before);
  assert.equal(await replicasOf(client), 1);
}

async function expand({ client, common, context }: Ground): Promise<void> {
  const pods = await uidsOf(client);
  await assert.rejects(
    expandVolume({ ...common, claim, size: "2Gi" }, context),
    /its StorageClass local-path does not say allowVolumeExpansion/,
  );
  const request = { ...common, claim: `${namespace}/data-database-0`, size: "2Gi" };
  await expandVolume(request, context);
  assert.deepEqual(await sizesOf(client), ["2Gi", "2Gi", "2Gi"]);
  assert.deepEqual(await uidsOf(client), pods);
  await assert.rejects(
    expandVolume({ ...request, size: "1Gi" }, context),
    /Cannot make .* 1Gi big: it is to have 2Gi already/,
  );
  await expandVolume(request, context);
  const told = summaryOf(context);
  assert.deepEqual([told["expanded"], told["templateRenewed"]], [0, false]);
}

async function expandAfterKill({ client, common, context }: Ground): Promise<void> {
  const pods = await uidsOf(client);
  const ending = new AbortController();
  const request = { ...common, claim: `${namespace}/data-database-0`, size: "3Gi" };
  // The last thing that can be seen before the StatefulSet is made anew is that it goes.
  const watching = (async () => {
    const watch = client.watch({ ...database, namespace }, { signal: ending.signal });
    for await (const event of watch) if (event.type === "deleted") ending.abort();
  })();
  await expandVolume(request, { ...context, signal: ending.signal }).catch(() => {});
  await watching;
  await expandVolume(request, context);
  assert.deepEqual(await sizesOf(client), ["3Gi", "3Gi", "3Gi"]);
  assert.deepEqual(await uidsOf(client), pods);
  const { items } = await client.list({ apiVersion: "v1", kind: "Secret", namespace });
  assert.deepEqual(items, []);
}

function summaryOf({ events }: TestContext): Record<string, unknown> {
  return { ...events.findLast(({ type }) => type === "summary") };
}

function objects(): Manifest[] {
  const storageClass = (name: string, provisioner: string, more: object): Manifest => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner,
    ...more,
  });
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const template = (app: string, volumes: unknown[]) => ({
    metadata: { labels: { app } },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
      containers: [{
        name: app,
        image: `registry.example.org/${app}:1.0.0`,
        securityContext: restricted,
        volumeMounts: [{ name: "data", mountPath: "/mnt" }],
      }],
      volumes,
    },
  });
  const selectorOf = (app: string) => ({ matchLabels: { app } });
  const volume = { name: "data", persistentVolumeClaim: { claimName: "backend-storage" } };
  return [
    storageClass("local-path", "rancher.io/local-path", {
      volumeBindingMode: "WaitForFirstConsumer",
    }),
    storageClass("longhorn", "driver.longhorn.io", { allowVolumeExpansion: true }),
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    },
    claimNamed("backend-storage"),
    {
      apiVersion: backend.apiVersion,
      kind: backend.kind,
      metadata: { namespace, name: backend.name },
      spec: {
        replicas: 1,
        selector: selectorOf("backend"),
        template: template("backend", [volume]),
      },
    },
    {
      apiVersion: database.apiVersion,
      kind: database.kind,
      metadata: { namespace, name: database.name },
      spec: {
        replicas: 2,
        serviceName: database.name,
        selector: selectorOf("database"),
        template: template("database", []),
        volumeClaimTemplates: [{
          metadata: { name: "data" },
          spec: { ...claimSpec, storageClassName: "longhorn" },
        }],
      },
    },
  ];
}

const claimSpec = {
  accessModes: ["ReadWriteOnce"],
  storageClassName: "local-path",
  resources: { requests: { storage: "1Gi" } },
};

function claimNamed(name: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace, name },
    spec: claimSpec,
  };
}

async function podOf(client: ClusterClient, labelSelector: string) {
  const { items } = await client.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  const live = items.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  return { namespace, name: live!.metadata.name };
}

async function replicasOf(client: ClusterClient): Promise<unknown> {
  const found = await client.get(backend);
  return (found!["spec"] as { replicas: number }).replicas;
}

async function uidsOf(client: ClusterClient): Promise<unknown[]> {
  const labelSelector = "app=database";
  const { items } = await client.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  return items.map(({ metadata }) => metadata.uid).sort();
}

/** Sizes of the claims, and of the template. */
async function sizesOf(client: ClusterClient): Promise<unknown[]> {
  const sizeIn = (claim: unknown) =>
    (claim as { spec: typeof claimSpec }).spec.resources.requests.storage;
  const claims = await Promise.all(
    [0, 1].map((index) =>
      client.get({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name: `data-database-${index}`,
      })
    ),
  );
  const set = await client.get(database);
  const { volumeClaimTemplates } = set!["spec"] as { volumeClaimTemplates: unknown[] };
  return [...claims, volumeClaimTemplates[0]].map(sizeIn);
}

/** All that is below a folder, with its contents. */
async function treeOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      found.push(`${name}/`, ...(await treeOf(path)).map((each) => `${name}/${each}`));
    } else {
      found.push(
        `${name}: ${isSymlink ? await Deno.readLink(path) : (await Deno.readFile(path)).toHex()}`,
      );
    }
  }
  return found.sort();
}
