import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { addressHosting, podHosting } from "../../../lib/flows/vault/hosting.ts";
import { hasProblem } from "../../../lib/vault/errors.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { sampleVault } from "../../platform/sample_vault.ts";
import { testContext } from "../../context.ts";

const context = testContext();
const pod = (status: Record<string, unknown>): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "vault", name: "vault-0" },
  status,
});
const running = { phase: "Running", containerStatuses: [{ ready: true }] };

/** A cluster with a StatefulSet's controller, as far as it makes pods again. */
function cluster() {
  const client = createFakeClient([pod(running), {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace: "vault", name: "data-vault-0" },
  }]);
  const { delete: remove } = client;
  client.delete = async (ref, options) => {
    const done = await remove(ref, options);
    if (ref.kind === "Pod") {
      client.set(pod({ phase: "Pending" }));
      setTimeout(() => client.set(pod(running)), 5);
    }
    return done;
  };
  return client;
}

Deno.test("a pod is restarted by its deletion, and waited for until the new one is ready", async () => {
  const client = cluster();
  const ref = { apiVersion: "v1", kind: "Pod", namespace: "vault", name: "vault-0" };
  const before = await client.get(ref);
  await podHosting(client, "vault", sampleVault(), context).restart("vault-0", context);
  const after = await client.get(ref);
  assert.notEqual(after!.metadata.uid, before!.metadata.uid);
  assert.deepEqual(after!["status"], running);
});

Deno.test("a pod's data goes with its claim", async () => {
  const client = cluster();
  await podHosting(client, "vault", sampleVault(), context).wipe("vault-0", context);
  const deleted = client.calls.filter((call) => call.startsWith("delete"));
  assert.deepEqual(deleted, [
    "delete PersistentVolumeClaim vault/data-vault-0",
    "delete Pod vault/vault-0",
  ]);
});

Deno.test("servers in pods are asked through the API server, each by its name", async () => {
  const client = createFakeClient();
  const vault = sampleVault({ replicas: 3, tls: { secret: "vault-tls" } });
  const { servers } = podHosting(client, "vault", vault, context);
  assert.deepEqual(servers.map(({ name }) => name), ["vault-0", "vault-1", "vault-2"]);
  assert.equal(servers[2]!.client.address, "vault/vault-2 through the API server");
  await servers[2]!.client.ask("GET", "sys/health", { query: { standbyok: "true" } });
  assert.deepEqual(client.calls, ["proxy vault/vault-2 GET /v1/sys/health?standbyok=true"]);
});

Deno.test("what the API server refuses is told as what lacks", async () => {
  const client = createFakeClient();
  const { StatusError } = await import("../../../lib/core/status_error.ts");
  const refused = new StatusError("reach port 8200", { code: 403, reason: "Forbidden" });
  client.fail(/^proxy/, refused);
  const { servers } = podHosting(client, "vault", sampleVault(), context);
  await assert.rejects(servers[0]!.client.request("GET", "sys/seal-status"), (error) => {
    assert.ok(hasProblem(error, "not-permitted"));
    assert.match(error.remedy!, /pods\/proxy in vault/);
    return true;
  });
});

Deno.test("a Vault that others run is neither restarted nor emptied", async () => {
  const hosting = addressHosting("vault", "http://127.0.0.1:8200", [], context);
  try {
    await assert.rejects(hosting.restart("vault", context), /others run it/);
    await assert.rejects(hosting.wipe("vault", context), /others run it/);
  } finally {
    hosting.close();
  }
});
