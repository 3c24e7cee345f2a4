import assert from "node:assert/strict";
import { TimedOut } from "../../../lib/core/errors.ts";
import type { WaitEvent } from "../../../lib/core/events.ts";
import { type KubeObject, refOf } from "../../../lib/core/object.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { waitUntilGone } from "../../../lib/kube/wait/gone.ts";
import { throwIfNotReady } from "../../../lib/kube/wait/result.ts";
import { createFakeClient, type FakeClient } from "../fake_client.ts";
import { sample } from "../sample_objects.ts";
import { manualClock, textOf } from "../wait_harness.ts";

const held = sample("v1", "PersistentVolumeClaim", {
  metadata: { finalizers: ["kubernetes.io/pvc-protection"] },
});

function startGone(client: FakeClient, objects: readonly KubeObject[]) {
  const clock = manualClock();
  const told = Promise.withResolvers<WaitEvent>();
  const result = waitUntilGone(client, objects.map(refOf), {
    timeoutMs: 10_000,
    now: clock.now,
    sleep: clock.sleep,
    emit: (event) => told.resolve(event as WaitEvent),
  });
  return { clock, result, told: told.promise };
}

Deno.test("waitUntilGone() ends when the last object is gone", async () => {
  const other = sample("v1", "ConfigMap");
  const client = createFakeClient([held, other]);
  const wait = startGone(client, [held, other, sample("v1", "Secret")]);
  await wait.told;
  client.remove(refOf(other));
  client.remove(refOf(held));
  assert.deepEqual(textOf(await wait.result), [
    "done",
    "ready PersistentVolumeClaim shop/web: is gone",
    "ready ConfigMap shop/web: is gone",
    "ready Secret shop/web: is gone",
  ]);
  assert.deepEqual(client.openWatches, []);
});

Deno.test("waitUntilGone() names the finalizers that hold what stays", async () => {
  const client = createFakeClient([held]);
  await client.delete(refOf(held));
  const wait = startGone(client, [held]);
  assert.equal((await wait.told).because, "is held by finalizer kubernetes.io/pvc-protection");
  await wait.clock.asleep(10_000);
  wait.clock.advance(10_000);
  const result = await wait.result;
  assert.throws(() => throwIfNotReady(result), (error) => {
    assert.ok(error instanceof TimedOut);
    assert.equal(
      error.message,
      "Gave up after 10.0 s: PersistentVolumeClaim shop/web: is held by finalizer kubernetes.io/pvc-protection",
    );
    return true;
  });
});

Deno.test("waitUntilGone() tells what is left in a Namespace", async () => {
  const namespace = sample("v1", "Namespace", {
    metadata: { name: "shop", namespace: undefined, deletionTimestamp: "2026-01-01T00:00:00Z" },
    status: {
      phase: "Terminating",
      conditions: [
        { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "fine" },
        { type: "NamespaceContentRemaining", status: "True", message: "1 pod left" },
        { type: "NamespaceFinalizersRemaining", status: "True", message: "1 finalizer left" },
      ],
    },
  });
  const client = createFakeClient([namespace]);
  const wait = startGone(client, [namespace]);
  assert.equal((await wait.told).because, "1 pod left; 1 finalizer left");
  client.remove(refOf(namespace));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("an object that was made anew counts as gone", async () => {
  const client = createFakeClient([held]);
  const wait = startGone(client, [held]);
  await wait.told;
  client.set({ ...held, metadata: { ...held.metadata, uid: "another" } });
  assert.deepEqual(textOf(await wait.result), [
    "done",
    "ready PersistentVolumeClaim shop/web: is gone, and another of its name was made",
  ]);
});

Deno.test("objects whose kind is no longer served are gone", async () => {
  const client = createFakeClient();
  const missing = { code: 404, reason: "NotFound", message: "the kind is not served" };
  client.fail(/^watch Widget/, new StatusError("watch Widget", missing));
  const wait = startGone(client, [sample("example.test/v1", "Widget")]);
  assert.deepEqual(textOf(await wait.result), [
    "done",
    "ready Widget shop/web: is gone, and its kind too",
  ]);
});
