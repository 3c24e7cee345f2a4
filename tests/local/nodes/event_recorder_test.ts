import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { createEventRecorder } from "../../../lib/local/nodes/event_recorder.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

const now = () => Temporal.Instant.from("2026-11-21T06:00:00.123Z");
const pod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1" },
};
const fault = {
  type: "Warning",
  reason: "FailedMount",
  message: 'secret "db" not found',
  component: "kubelet",
  host: "node-1",
} as const;

async function eventsIn(client: ReturnType<typeof createFakeClient>) {
  return (await client.list({ apiVersion: "v1", kind: "Event" })).items;
}

Deno.test("an event says what happened to which object, when, and who noticed", async () => {
  const client = createFakeClient();
  await createEventRecorder(client, now)(pod, fault);
  const [event] = await eventsIn(client);
  assert.equal(event?.metadata.namespace, "shop");
  assert.equal(event?.["reason"], "FailedMount");
  assert.equal(event?.["message"], 'secret "db" not found');
  assert.equal(event?.["firstTimestamp"], "2026-11-21T06:00:00Z");
  assert.deepEqual(event?.["source"], { component: "kubelet", host: "node-1" });
  const { kind, name, uid } = event?.["involvedObject"] as Record<string, string>;
  assert.deepEqual([kind, name, uid], ["Pod", "web", "u1"]);
});

Deno.test("the same event is written once, by one recorder and by the next", async () => {
  const client = createFakeClient();
  const record = createEventRecorder(client, now);
  await record(pod, fault);
  await record(pod, fault);
  assert.equal(client.calls.filter((call) => call.startsWith("create Event")).length, 1);
  await createEventRecorder(client, now)(pod, fault);
  assert.equal((await eventsIn(client)).length, 1);
});

Deno.test("another message, and another pod of the same name, make another event", async () => {
  const client = createFakeClient();
  const record = createEventRecorder(client, now);
  await record(pod, fault);
  await record(pod, { ...fault, message: 'secret "key" not found' });
  await record({ ...pod, metadata: { ...pod.metadata, uid: "u2" } }, fault);
  assert.equal((await eventsIn(client)).length, 3);
});

Deno.test("events about objects without a namespace go to the default one", async () => {
  const client = createFakeClient();
  const volume = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "pv", uid: "u" } };
  await createEventRecorder(client, now)(volume, fault);
  assert.equal((await eventsIn(client))[0]?.metadata.namespace, "default");
});
