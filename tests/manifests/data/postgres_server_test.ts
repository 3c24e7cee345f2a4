import assert from "node:assert/strict";
import type { PostgresServer } from "../../../lib/platform/types.ts";
import { objectsOf } from "../../../manifests/components/data/parts.ts";
import { postgresServer } from "../../../manifests/components/data/postgres_server.ts";
import { samplePostgresServer } from "../../platform/sample_data.ts";
import { find, namesOf } from "../find.ts";

const render = (changes: Partial<PostgresServer> = {}) =>
  objectsOf(postgresServer("db", samplePostgresServer(changes)));

const podOf = (changes: Partial<PostgresServer> = {}) =>
  find(render(changes), "StatefulSet", "shop/db").spec.template.spec;

/** Settings that a server is started with, by name. */
const settingsOf = (changes: Partial<PostgresServer> = {}) =>
  Object.fromEntries(
    (podOf(changes).containers[0].args as string[])
      .filter((arg) => arg !== "-c").map((arg) => arg.split("=")),
  );

Deno.test("postgresServer() keeps its data in a folder below the volume, where initdb finds nothing else", () => {
  const [container] = podOf().containers;
  const data = container.volumeMounts.find(({ name }: { name: string }) => name === "data");
  const pgdata = container.env.find(({ name }: { name: string }) => name === "PGDATA");
  assert.equal(pgdata.value, `${data.mountPath}/pgdata`);
});

Deno.test("postgresServer() asks by TCP whether it is ready, which it is not while it prepares itself", () => {
  const [{ readinessProbe, livenessProbe, startupProbe }] = podOf().containers;
  for (const probe of [readinessProbe, livenessProbe, startupProbe]) {
    assert.deepEqual(probe.exec.command.slice(0, 4), ["pg_isready", "-q", "-h", "127.0.0.1"]);
  }
});

Deno.test("postgresServer() gives parallel queries shared memory of their own, in memory", () => {
  const pod = podOf({ sharedMemory: "1Gi" });
  const mount = pod.containers[0].volumeMounts
    .find(({ mountPath }: { mountPath: string }) => mountPath === "/dev/shm");
  const volume = pod.volumes.find(({ name }: { name: string }) => name === mount.name);
  assert.deepEqual(volume.emptyDir, { medium: "Memory", sizeLimit: "1Gi" });
});

Deno.test("postgresServer() takes settings as they are written, and passwords from the Secret alone", () => {
  assert.equal(settingsOf({ parameters: { max_connections: "50" } })["max_connections"], "50");
  const { env } = podOf().containers[0];
  const password = env.find(({ name }: { name: string }) => name === "POSTGRES_PASSWORD");
  assert.deepEqual(password.valueFrom.secretKeyRef, { name: "database", key: "password" });
});

Deno.test("postgresServer() has no PodDisruptionBudget, which would keep its only node from being drained", () => {
  assert.deepEqual(namesOf(render(), "PodDisruptionBudget"), []);
});

Deno.test("postgresServer() with a certificate lets in others only encrypted, and its own pod as before", () => {
  const tls = { secret: "db-tls", clientCertificates: "verify-full" as const };
  const rules = find(render({ tls }), "ConfigMap", "shop/db-config").data["pg_hba.conf"];
  assert.equal(
    rules,
    [
      "local   all all              scram-sha-256",
      "host    all all 127.0.0.1/32 scram-sha-256",
      "host    all all ::1/128      scram-sha-256",
      "hostssl all all all          scram-sha-256 clientcert=verify-full",
      "",
    ].join("\n"),
  );
  const settings = settingsOf({ tls });
  assert.equal(settings["ssl"], "on");
  assert.equal(settings["ssl_key_file"], "/tls/tls.key");
  assert.equal(settings["hba_file"], "/config/pg_hba.conf");
});

Deno.test("postgresServer() finds a certificate of Vault's where the agent renders it", () => {
  const vaultAgent = {
    auth: { kubernetes: { role: "db" } },
    files: { "tls.crt": { path: "pki/issue/db" } },
  };
  const settings = settingsOf({ tls: { vaultAgent } });
  assert.equal(settings["ssl_cert_file"], "/vault/secrets/tls.crt");
  const { annotations } = find(render({ tls: { vaultAgent } }), "StatefulSet", "shop/db").spec
    .template.metadata;
  assert.equal(annotations["vault.hashicorp.com/agent-inject-secret-tls.crt"], "pki/issue/db");
});

Deno.test("postgresServer() serves its exporter's metrics by the same Service", () => {
  const { resources } = samplePostgresServer();
  const exporter = { image: "quay.io/example/exporter:1", resources };
  assert.deepEqual(
    find(render({ exporter }), "Service", "shop/db").spec.ports.map((
      { name, port }: { name: string; port: number },
    ) => [name, port]),
    [["postgres", 5432], ["metrics", 9187]],
  );
});
