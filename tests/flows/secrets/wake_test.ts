import assert from "node:assert/strict";
import type { ClusterClient } from "../../../lib/core/cluster.ts";
import { type KubeObject, type ObjectRef, refOf } from "../../../lib/core/object.ts";
import { syncNow } from "../../../lib/flows/secrets/deliver.ts";
import { wakeFailing } from "../../../lib/flows/secrets/wake.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { sample } from "../../kube/sample_objects.ts";

const apiVersion = "external-secrets.io/v1";
const waiting = { now: Temporal.Now.instant, signal: new AbortController().signal };

function object(kind: string, name: string, status: "True" | "False"): KubeObject {
  return sample(apiVersion, kind, {
    metadata: { name },
    spec: { secretStoreRef: { kind: "SecretStore", name: "vault" } },
    status: { syncedResourceVersion: "1-a", conditions: [{ type: "Ready", status }] },
  });
}

/** A cluster whose operator mends whatever is woken, and tells in which order that was. */
function mendingCluster(objects: readonly KubeObject[]) {
  const client = createFakeClient(objects);
  const { patch } = client;
  const woken: string[] = [];
  const mending: ClusterClient = Object.assign(client, {
    async patch(ref: ObjectRef, body: unknown, options?: Parameters<ClusterClient["patch"]>[2]) {
      woken.push(`${ref.kind} ${ref.name}`);
      const patched = await patch<KubeObject>(ref, body, options);
      const conditions = [{ type: "Ready", status: "True", reason: "Mended" }];
      client.set({ ...patched, status: { syncedResourceVersion: "1-b", conditions } });
      return patched as never;
    },
  });
  return { client: mending, woken };
}

Deno.test("wakeFailing() wakes stores before what reads from them, and leaves alone what is well", async () => {
  const objects = [
    object("ExternalSecret", "failing", "False"),
    object("ExternalSecret", "well", "True"),
    object("SecretStore", "vault", "False"),
    object("SecretStore", "other", "True"),
    sample("apps/v1", "Deployment", {}),
  ];
  const { client, woken } = mendingCluster(objects);
  await wakeFailing(client, objects.map(refOf), waiting);
  assert.deepEqual(woken, ["SecretStore vault", "ExternalSecret failing"]);
  await wakeFailing(client, objects.map(refOf), waiting);
  assert.equal(woken.length, 2);
});

Deno.test("syncNow() wakes a store that failed, then the ExternalSecret, and returns its Secret", async () => {
  const { client, woken } = mendingCluster([
    object("ExternalSecret", "database", "False"),
    object("SecretStore", "vault", "False"),
    sample("v1", "Secret", { metadata: { name: "database" }, data: { a: "Yg==" } }),
  ]);
  const reader = { namespace: "shop", name: "database" };
  const secret = await syncNow(client, reader, waiting, ({ data }) => data !== undefined);
  assert.deepEqual(secret["data"], { a: "Yg==" });
  assert.deepEqual(woken, ["SecretStore vault", "ExternalSecret database"]);
});

Deno.test("syncNow() refuses an ExternalSecret that does not exist", async () => {
  const { client } = mendingCluster([]);
  await assert.rejects(
    syncNow(client, { namespace: "shop", name: "database" }, waiting),
    /Cannot sync the ExternalSecret shop\/database: it does not exist/,
  );
});
