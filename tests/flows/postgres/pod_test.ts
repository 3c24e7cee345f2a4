import { deepEqual, equal, rejects } from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { primaryPod, superuserOf } from "../../../lib/flows/postgres/pod.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { sampleCnpg, samplePostgresServer, sampleZalando } from "../../platform/sample_data.ts";

const { signal } = new AbortController();

function pod(name: string, labels: Record<string, string>, ready = true): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "data", labels },
    status: {
      phase: ready ? "Running" : "Pending",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  } as KubeObject;
}

Deno.test("primaryPod() takes the pod that takes writes, whoever runs the servers", async () => {
  const own = {
    "app.kubernetes.io/name": "postgres",
    "app.kubernetes.io/instance": "main",
    "app.kubernetes.io/component": "server",
  };
  const zalando = { application: "spilo", "cluster-name": "main" };
  const cnpg = { "cnpg.io/cluster": "main" };
  const client = createFakeClient([
    pod("own-0", own),
    pod("own-exporter", { ...own, "app.kubernetes.io/component": "other" }),
    pod("zalando-0", { ...zalando, "spilo-role": "replica" }),
    pod("zalando-1", { ...zalando, "spilo-role": "master" }),
    pod("cnpg-1", { ...cnpg, "cnpg.io/instanceRole": "replica" }),
    pod("cnpg-2", { ...cnpg, "cnpg.io/instanceRole": "primary" }),
  ]);
  const kinds = [samplePostgresServer, sampleZalando, sampleCnpg];
  const found = await Promise.all(
    kinds.map((make) => primaryPod(client, "main", make({ namespace: "data" }), signal)),
  );
  deepEqual(
    found,
    ["own-0", "zalando-1", "cnpg-2"].map((name) => ({
      namespace: "data",
      name,
      container: "postgres",
    })),
  );
});

Deno.test("primaryPod() says which pods are there when none is ready, and which labels none has", async () => {
  const declared = sampleCnpg({ namespace: "data" });
  const labels = { "cnpg.io/cluster": "main", "cnpg.io/instanceRole": "primary" };
  await rejects(
    primaryPod(createFakeClient([pod("cnpg-1", labels, false)]), "main", declared, signal),
    { message: /no pod is ready: cnpg-1 is Pending/, retryable: true },
  );
  await rejects(primaryPod(createFakeClient(), "main", declared, signal), {
    message: /no pod has the labels cnpg.io\/cluster=main,cnpg.io\/instanceRole=primary/,
  });
});

Deno.test("superuserOf() reads the name that a server's Secret has, and asks for it where it may not", async () => {
  const declared = samplePostgresServer({
    namespace: "data",
    secret: { name: "login", userKey: "PGUSER", passwordKey: "PGPASSWORD" },
  });
  const client = createFakeClient([{
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace: "data" },
    data: { PGUSER: btoa("boss") },
  } as KubeObject]);
  equal(await superuserOf(client, declared, signal), "boss");
  equal(await superuserOf(client, sampleZalando(), signal), "postgres");
  await rejects(superuserOf(createFakeClient(), declared, signal), { remedy: /--role/ });
  client.fail(/get Secret/, new StatusError("no", { code: 403, reason: "Forbidden" }));
  await rejects(superuserOf(client, declared, signal), {
    message: /data\/login may not be read/,
    remedy: /--role/,
  });
});
