import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { systemNamespace } from "../../lib/core/labels.ts";
import type { KubeObject } from "../../lib/core/object.ts";
import { LeaseLost, withLease } from "../../lib/kube/lease.ts";
import { leaseRef } from "../../lib/kube/lease_object.ts";
import { createFakeClient, type FakeClient } from "./fake_client.ts";

const id = "shop.test";

/** A client whose first renewal is done, but answered too late; what comes after it is the test's. */
function lateClient(
  afterwards: (cluster: FakeClient) => void = () => {},
): { client: ClusterClient; cluster: FakeClient; renewed: Promise<void> } {
  const cluster = createFakeClient();
  const renewed = Promise.withResolvers<void>();
  let renewals = 0;
  const client: ClusterClient = {
    ...cluster,
    async replace<T extends KubeObject>(object: KubeObject) {
      const after = await cluster.replace<T>(object);
      if (++renewals === 1) {
        afterwards(cluster);
        throw new Error("no answer in time");
      }
      renewed.resolve();
      return after;
    },
  };
  return { client, cluster, renewed: renewed.promise };
}

function hold<T>(client: ClusterClient, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withLease(client, {
    id,
    holder: "ana@laptop, process 1",
    holderProcess: "laptop/1/1",
    hasEnded: () => Promise.resolve(false),
    // Renewed each 10 ms.
    durationSeconds: 0.03,
    now: () => Temporal.Instant.from("2026-11-21T03:00:00Z"),
    emit: () => {},
    signal: new AbortController().signal,
  }, work);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}

Deno.test("a renewal that was done, but answered too late, does not cost the lease", async () => {
  const { client, cluster, renewed } = lateClient();
  await hold(client, (signal) => Promise.race([renewed, aborted(signal)]));
  assert.equal(await cluster.get(leaseRef(id)), undefined, "it was not given back");
});

Deno.test("a lease that another run took meanwhile is lost", async () => {
  const { client, cluster } = lateClient((cluster) => {
    cluster.set({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: id, namespace: systemNamespace },
      spec: { holderIdentity: "bob@desk, process 2", renewTime: "2026-11-21T03:00:00Z" },
    });
  });
  const lost = hold(client, aborted);
  await assert.rejects(lost, (error) => {
    assert.ok(error instanceof LeaseLost);
    assert.match(error.message, /^Cannot go on: the lease on shop\.test was lost: /);
    return true;
  });
  const live = await cluster.get(leaseRef(id));
  const { holderIdentity } = live!["spec"] as { holderIdentity: string };
  assert.equal(holderIdentity, "bob@desk, process 2", "it is left to who has it");
});
