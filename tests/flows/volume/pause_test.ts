import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import type { KubeObject } from "../../../lib/core/object.ts";
import { pauseUsers } from "../../../lib/flows/volume/pause.ts";
import { bringBackAll } from "../../../lib/flows/volume/stateful_set.ts";
import { testContext } from "../../context.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

const namespace = "shop";
const claim = { namespace, name: "uploads" };
const web = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" };
const template = {
  spec: { volumes: [{ name: "files", persistentVolumeClaim: { claimName: claim.name } }] },
};

function deployment(replicas: number, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: web.apiVersion,
    kind: web.kind,
    metadata: { namespace, name: web.name, uid: "web", annotations },
    spec: { replicas, template },
  };
}

const pod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    namespace,
    name: "web-0",
    ownerReferences: [{
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "web",
      uid: "web",
      controller: true,
    }],
  },
  spec: { ...template.spec, containers: [] },
};

Deno.test("what could not be stopped wholly runs again", async () => {
  const client = createFakeClient([deployment(2), pod]);
  client.fail(/^(watch|get) Pod/, new SlipwayError("the cluster is away"));
  await assert.rejects(pauseUsers(client, claim, testContext()), /the cluster is away/);
  const found = await client.get(web);
  assert.deepEqual(found?.["spec"], { replicas: 2, template });
  assert.deepEqual(found?.metadata.annotations ?? {}, {});
});

Deno.test("it is known what a killed run had stopped", async () => {
  const running = createFakeClient([deployment(0)]);
  assert.equal((await pauseUsers(running, claim, testContext())).byKilledRun, false);
  const killed = createFakeClient([
    deployment(0, { "slipway.dev/replicas-before-restore": "2" }),
  ]);
  assert.equal((await pauseUsers(killed, claim, testContext())).byKilledRun, true);
});

Deno.test("a StatefulSet that is still going when its kept copy is found comes back", async () => {
  const set = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { namespace, name: "db" },
    spec: { replicas: 0, selector: {}, serviceName: "db", template: {} },
    status: { observedGeneration: 1, replicas: 0 },
  };
  const ref = { apiVersion: set.apiVersion, kind: set.kind, namespace, name: "db" };
  const client = createFakeClient([
    { ...set, metadata: { ...set.metadata, deletionTimestamp: "2026-11-21T03:00:00Z" } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        namespace,
        name: "slipway-expand-x",
        labels: { "app.kubernetes.io/managed-by": "slipway" },
      },
      data: { "stateful-set.json": btoa(JSON.stringify(set)) },
    },
  ]);
  const back = bringBackAll(client, namespace, testContext());
  while (client.openWatches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  client.remove(ref);
  assert.deepEqual(await back, ["db"]);
  assert.equal((await client.get(ref))?.metadata.deletionTimestamp, undefined);
  assert.notEqual(await client.get(ref), undefined);
});
