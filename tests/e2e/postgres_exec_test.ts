import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { generateIdentity, identityToRecipient } from "age-encryption";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { ExitCode } from "../../lib/core/errors.ts";
import type { KubeObject } from "../../lib/core/object.ts";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { backupPostgres } from "../../lib/flows/postgres/backup.ts";
import { waitUntilReady } from "../../lib/kube/wait/wait.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { connectSqlSession } from "../../lib/postgres/sql_session.ts";
import { readPostgresDetails } from "../../lib/postgres/details.ts";
import { openStore } from "../../lib/store/open.ts";
import { samplePostgresServer } from "../platform/sample_data.ts";
import { withFolder } from "../folder.ts";
import { withCluster } from "./cluster_fixture.ts";
import { startExecKubelet } from "./exec_kubelet.ts";
import { postgresClients } from "./postgres_client.ts";
import { type PostgresProcess, startPostgres } from "./postgres_process.ts";
import { writeShop } from "./shop.ts";
import { startTcpProxy } from "./tcp_proxy.ts";

const namespace = "execshop";

/** The pod of a Postgres whose image lets in whoever is in it; here its variables do so. */
function podOf(env: Record<string, string>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      name: "db-0",
      labels: {
        "app.kubernetes.io/name": "postgres",
        "app.kubernetes.io/instance": "db",
        "app.kubernetes.io/component": "server",
      },
    },
    spec: {
      containers: [{
        name: "postgres",
        image: "registry.example.org/postgres:15",
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
      }],
    },
  } as KubeObject;
}

async function prepare(client: ClusterClient, env: Record<string, string>): Promise<void> {
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await client.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace, name: "database" },
    stringData: { user: "postgres", password: "not-used-in-the-pod" },
  } as KubeObject);
  await client.create(podOf(env));
  const { signal } = new AbortController();
  const ref = { apiVersion: "v1", kind: "Pod", namespace, name: "db-0" };
  const { outcome } = await waitUntilReady(client, [ref], {
    ...{ signal, timeoutMs: 30_000, now: Temporal.Now.instant, emit() {} },
  });
  equal(outcome, "done");
}

Deno.test("backup-postgres --via exec dumps in the server's own pod, and a connection that breaks leaves no backup", async () => {
  await withFolder(async (folder) => {
    await using postgres = await startPostgres();
    await using proxy = startTcpProxy(postgres, { holdAfterBytes: 3 * 1024 * 1024 });
    const clients = await postgresClients(folder);
    await withCluster("execpg", async ({ client, cluster, context }) => {
      await prepare(client, {
        PATH: `${clients}:/usr/bin:/bin`,
        PGHOST: "127.0.0.1",
        PGPORT: String(proxy.port),
        PGPASSWORD: postgres.password,
      });
      await using kubelet = await startExecKubelet(client);
      const platform = await writeShop(folder, namespace, {
        postgres: { db: samplePostgresServer({ namespace }) },
        sealedSecrets: {
          database: {
            namespace,
            keys: ["user", "password"],
            scope: "strict",
            type: "Opaque",
            sealed: {},
          },
        },
        storageClasses: {
          disk: {
            existing: true,
            provisioner: "rancher.io/local-path",
            accessModes: ["ReadWriteOnce"],
            reclaimPolicy: "Retain",
            volumeBindingMode: "Immediate",
          },
        },
      });
      const recipient = await identityToRecipient(await generateIdentity());
      const request = {
        ...{ platform, env: "test", kubeconfig: cluster.kubeconfigPath, via: "exec" as const },
        ...{ store: `${folder}/store`, recipient: [recipient], databases: ["postgres"] },
      };
      equal(await backupPostgres(request, context), ExitCode.done);

      const source = { kind: "postgres", scope: `${namespace}-test`, name: "db", item: "postgres" };
      const store = await openStore(`${folder}/store`, context);
      const { backups } = await listBackups(store, source, context);
      equal(backups.length, 1);
      const { via, server, globals } = readPostgresDetails(backups[0]!.record);
      deepEqual([via, server.major, globals.passwords], ["exec", 15, true]);
      ok(kubelet.ran.every((line) => /^execshop\/db-0: (pg_dump|pg_dumpall|psql) /.test(line)));
      match(kubelet.ran.find((line) => line.includes("--snapshot"))!, /--username=postgres/);

      await makeLarge(postgres);
      const running = backupPostgres(request, context);
      running.catch(() => {});
      await proxy.held;
      kubelet.cut();
      await rejects(running, /pg_dump/);
      proxy.release();
      const after = await listBackups(store, source, context);
      deepEqual([after.backups.length, after.damaged.length], [1, 0]);
    });
  });
});

/** More than a connection holds on its way. */
async function makeLarge({ host, port, user, password }: PostgresProcess): Promise<void> {
  const session = await connectSqlSession(
    { host, port, database: "postgres", tls: { mode: "disable" } },
    { user, password },
    { redactor: createRedactor() },
  );
  await session.query(
    "CREATE TABLE large AS SELECT repeat(md5(n::text), 50) AS text FROM generate_series(1, 10000) n",
  );
  await session.close();
}
