import assert from "node:assert/strict";
import fc from "fast-check";
import type { KubeObject } from "../../../lib/core/object.ts";
import type { Verdict } from "../../../lib/kube/ready/verdict.ts";
import { isReadyOnceApplied, verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { counts, deployment, sample } from "../sample_objects.ts";

const knownKinds: readonly (readonly [string, string])[] = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "ReplicaSet"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
  ["v1", "Pod"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "Service"],
  ["v1", "Namespace"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
  ["apiregistration.k8s.io/v1", "APIService"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["policy/v1", "PodDisruptionBudget"],
  ["cert-manager.io/v1", "Certificate"],
  ["cert-manager.io/v1", "ClusterIssuer"],
  ["external-secrets.io/v1", "ExternalSecret"],
  ["external-secrets.io/v1", "SecretStore"],
  ["argoproj.io/v1alpha1", "Application"],
  ["example.test/v1", "Widget"],
];
const kind = fc.constantFrom(...knownKinds);
const fields = fc.constantFrom(
  "conditions",
  "replicas",
  "phase",
  "observedGeneration",
  "sync",
  "health",
  "operationState",
  "containerStatuses",
  "loadBalancer",
  "updatedReplicas",
  "desiredHealthy",
);
const condition = fc.record({
  type: fc.constantFrom(
    "Ready",
    "Available",
    "Progressing",
    "ReplicaFailure",
    "Complete",
    "Failed",
    "Established",
    "NamesAccepted",
    "Stalled",
    "Reconciling",
    "AbleToScale",
  ),
  status: fc.constantFrom("True", "False", "Unknown"),
  reason: fc.string(),
  message: fc.string(),
}, { requiredKeys: ["type", "status"] });
const status = fc.oneof(
  fc.anything(),
  fc.dictionary(
    fields,
    fc.oneof(fc.jsonValue(), fc.array(fc.oneof(condition, fc.jsonValue())), fc.nat(4)),
  ),
);

Deno.test("verdictOf() never throws, and always gives a state and one line of why, whatever the status is", () => {
  fc.assert(fc.property(kind, fc.anything(), status, ([apiVersion, name], spec, status) => {
    const verdict = verdictOf(sample(apiVersion, name, { spec, status }));
    assert.match(verdict.state, /^(ready|waiting|failed)$/);
    assert.ok(verdict.because.length > 0);
    assert.doesNotMatch(verdict.because, /\n|undefined/);
  }));
});

Deno.test("verdictOf() never calls an object ready whose controller has not seen its generation", () => {
  fc.assert(
    fc.property(
      kind,
      fc.array(condition),
      fc.nat(5),
      fc.integer({ min: 1, max: 5 }),
      ([apiVersion, name], conditions, observedGeneration, more) => {
        const object = sample(apiVersion, name, {
          metadata: { generation: observedGeneration + more },
          status: {
            ...counts(1, 1, 1),
            observedGeneration,
            conditions,
            phase: "Active",
            desiredHealthy: 0,
          },
        });
        assert.equal(verdictOf(object).state, "waiting");
      },
    ),
  );
});

Deno.test("verdictOf() never calls an object ready that is being deleted, and names its finalizers", () => {
  fc.assert(fc.property(kind, status, ([apiVersion, name], status) => {
    const metadata = {
      deletionTimestamp: "2026-01-01T00:00:00Z",
      finalizers: ["example.test/keep"],
    };
    const verdict = verdictOf(sample(apiVersion, name, { metadata, status }));
    assert.equal(verdict.state, "waiting");
    assert.match(verdict.because, /^is being deleted/);
  }));
  const held = sample("v1", "PersistentVolumeClaim", {
    metadata: {
      deletionTimestamp: "2026-01-01T00:00:00Z",
      finalizers: ["kubernetes.io/pvc-protection"],
    },
  });
  assert.equal(
    verdictOf(held).because,
    "is being deleted: is held by finalizer kubernetes.io/pvc-protection",
  );
});

Deno.test("a Deployment that is ready stays ready when more of its wanted replicas become so", () => {
  const upTo = fc.nat(4);
  fc.assert(
    fc.property(upTo, upTo, upTo, upTo, upTo, (wanted, updated, ready, available, more) => {
      const at = (add: number) => {
        const count = (value: number) => Math.min(wanted, value + add);
        const status = counts(wanted, count(updated), count(ready), count(available));
        return verdictOf(deployment(status, { replicas: wanted })).state;
      };
      if (at(0) === "ready") assert.equal(at(more), "ready");
      assert.equal(at(4), "ready");
    }),
  );
});

Deno.test("a Deployment is ready only when every wanted replica is updated and available, and none is old", () => {
  const upTo = fc.nat(4);
  fc.assert(
    fc.property(upTo, upTo, upTo, upTo, upTo, (wanted, total, updated, ready, available) => {
      const { state } = verdictOf(
        deployment(counts(total, updated, ready, available), { replicas: wanted }),
      );
      const isDone = updated >= wanted && ready >= wanted && available >= wanted &&
        total <= updated && total <= wanted;
      assert.equal(state === "ready", isDone);
    }),
  );
});

Deno.test("verdictOf() does not take a status for its controller's that has no observedGeneration", () => {
  const object = deployment(counts(3, 3, 3));
  delete (object.status as Record<string, unknown>).observedGeneration;
  assert.deepEqual(verdictOf(object), {
    state: "waiting",
    because: "not seen by its controller yet",
  });
});

Deno.test("verdictOf() goes by group and kind, so that a namesake of another group is read by convention", () => {
  const namesake = sample("example.test/v1", "Deployment", { status: {} });
  assert.deepEqual(verdictOf(namesake), { state: "ready", because: "exists" });
});

Deno.test("the same kind in another version of its group is read alike", () => {
  const status = { conditions: [{ type: "Ready", status: "True", reason: "Valid" }] };
  const states = ["v1", "v1beta1"].map((version): Verdict =>
    verdictOf(sample(`external-secrets.io/${version}`, "SecretStore", { status }))
  );
  assert.deepEqual(states, [states[0], states[0]]);
  assert.equal(states[0]?.state, "ready");
});

Deno.test("isReadyOnceApplied() holds for kinds without a controller and for no other", () => {
  const holds = (apiVersion: string, kind: string) => isReadyOnceApplied({ apiVersion, kind });
  assert.ok(holds("v1", "Secret") && holds("rbac.authorization.k8s.io/v1", "Role"));
  assert.ok(!holds("v1", "Pod") && !holds("apps/v1", "Deployment"));
  assert.ok(!holds("example.test/v1", "Secret") && !holds("v1", "constructor"));
});

Deno.test("texts from the cluster cannot break the line or steer a terminal", () => {
  const message = "first\nsecond\u001b[31m red\u0007";
  const object: KubeObject = sample("example.test/v1", "Widget", {
    status: { conditions: [{ type: "Ready", status: "False", reason: "Broken", message }] },
  });
  assert.equal(verdictOf(object).because, "is not Ready: Broken: first second red");
});
