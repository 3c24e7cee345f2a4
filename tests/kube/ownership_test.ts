import assert from "node:assert/strict";
import { inventoryLabel, sharedAnnotation } from "../../lib/core/labels.ts";
import type { KubeObject, ObjectRef } from "../../lib/core/object.ts";
import { otherInventories, ownershipOf } from "../../lib/kube/ownership.ts";
import { createFakeClient } from "./fake_client.ts";

const ref: ObjectRef = { apiVersion: "v1", kind: "Namespace", name: "gateway-system" };
const shared = { [sharedAnnotation]: "true" };
const manifest = (annotations = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "gateway-system", annotations },
});
const liveOf = (owner: string): KubeObject => ({
  ...manifest(),
  metadata: { name: "gateway-system", labels: { [inventoryLabel]: owner } },
});
const record = (id: string, refs: unknown): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: `inventory-${id}`, namespace: "slipway" },
  data: { objects: JSON.stringify(refs) },
});

async function verdict(owner: string, records: KubeObject[], annotations = {}) {
  const namedBy = otherInventories(createFakeClient(records), "acme.prod", {});
  return await ownershipOf(manifest(annotations), liveOf(owner), "acme.prod", namedBy);
}

Deno.test("ownershipOf() lets an inventory apply its own objects", async () => {
  assert.deepEqual(await verdict("acme.prod", []), { kind: "ours" });
});

Deno.test("ownershipOf() refuses an object that another inventory owns", async () => {
  const found = await verdict("umbrella.prod", [record("umbrella.prod", [ref])]);
  assert.equal(found.kind, "conflict");
  assert.match((found as { because: string }).because, /belongs to the inventory umbrella\.prod/);
});

Deno.test("ownershipOf() leaves a shared object to whoever brought it", async () => {
  assert.deepEqual(await verdict("umbrella.prod", [record("umbrella.prod", [ref])], shared), {
    kind: "left",
    because: "shared; umbrella.prod brought it",
  });
});

Deno.test("ownershipOf() takes over what its owner no longer names", async () => {
  assert.deepEqual(await verdict("umbrella.prod", [record("umbrella.prod", [])]), {
    kind: "ours",
  });
  assert.deepEqual(await verdict("umbrella.prod", [], shared), { kind: "ours" });
});

Deno.test("otherInventories() names who else has an object, and not the one that asks", async () => {
  const client = createFakeClient([record("acme.prod", [ref]), record("umbrella.prod", [ref])]);
  assert.deepEqual(await otherInventories(client, "acme.prod", {})(ref), ["umbrella.prod"]);
});

Deno.test("otherInventories() takes no other ConfigMap for a record", async () => {
  const other = { ...record("x", [ref]), metadata: { name: "settings", namespace: "slipway" } };
  assert.deepEqual(await otherInventories(createFakeClient([other]), "acme.prod", {})(ref), []);
});
