import assert from "node:assert/strict";
import { verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { sample } from "../sample_objects.ts";

const verdict = (...args: Parameters<typeof verdictOf>) => {
  const { state, because } = verdictOf(...args);
  return `${state}: ${because}`;
};

function claim(phase: string, more: Record<string, unknown> = {}, annotations = {}) {
  return sample("v1", "PersistentVolumeClaim", {
    metadata: { name: "data", annotations },
    spec: { storageClassName: "local-path", ...more },
    status: { phase },
  });
}

const late = sample("storage.k8s.io/v1", "StorageClass", {
  metadata: { name: "local-path" },
  volumeBindingMode: "WaitForFirstConsumer",
});
const user = sample("v1", "Pod", {
  spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
});

Deno.test("a claim is ready when Bound, and failed when Lost", () => {
  assert.equal(verdict(claim("Bound", { volumeName: "pv-1" })), "ready: Bound to pv-1");
  assert.equal(
    verdict(claim("Lost")),
    "failed: is Lost: the volume that it was bound to is gone",
  );
});

Deno.test("a claim whose class binds to the first consumer is ready until a pod uses it", () => {
  const pending = claim("Pending");
  assert.equal(
    verdict(pending, { storageClass: late, pods: [] }),
    "ready: Pending until a first pod uses it, as class local-path has it",
  );
  assert.equal(
    verdict(pending, { storageClass: late, pods: [user] }),
    "waiting: is Pending: class local-path",
  );
  const chosen = claim("Pending", {}, { "volume.kubernetes.io/selected-node": "node-1" });
  assert.equal(verdictOf(chosen, { storageClass: late, pods: [] }).state, "waiting");
});

Deno.test("a claim whose class binds at once waits, and so does one without a class", () => {
  const immediate = { ...late, volumeBindingMode: "Immediate" };
  assert.equal(
    verdict(claim("Pending"), { storageClass: immediate }),
    "waiting: is Pending: class local-path",
  );
  assert.equal(
    verdict(claim("Pending", { storageClassName: "" })),
    "waiting: is Pending: it wants a volume that exists already",
  );
  assert.equal(
    verdict(claim("Pending", { storageClassName: undefined })),
    "waiting: is Pending: it names no class, and the cluster has no default one yet",
  );
});

Deno.test("a Service is ready when it has the address that its type promises", () => {
  const service = (spec: Record<string, unknown>, ingress?: unknown) =>
    verdict(sample("v1", "Service", { spec, status: { loadBalancer: { ingress } } }));
  assert.equal(
    service({ type: "ExternalName", externalName: "db.test" }),
    "ready: stands for db.test",
  );
  assert.equal(service({ type: "ClusterIP" }), "waiting: has no cluster IP yet");
  assert.equal(service({ clusterIP: "None" }), "ready: headless");
  assert.equal(service({ type: "NodePort", clusterIP: "10.0.0.9" }), "ready: at 10.0.0.9");
  const balanced = { type: "LoadBalancer", clusterIP: "10.0.0.9" };
  assert.equal(service(balanced), "waiting: no load balancer has given it an address yet");
  assert.equal(service(balanced, [{}]), "waiting: no load balancer has given it an address yet");
  assert.equal(
    service(balanced, [{ ip: "192.0.2.1" }, { hostname: "lb.test" }]),
    "ready: at 192.0.2.1, lb.test",
  );
});

Deno.test("a CustomResourceDefinition is ready when Established, and failed when its names are taken", () => {
  const definition = (conditions: unknown) =>
    verdict(
      sample("apiextensions.k8s.io/v1", "CustomResourceDefinition", { status: { conditions } }),
    );
  assert.equal(definition([]), "waiting: not Established yet");
  assert.equal(
    definition([{ type: "NamesAccepted", status: "True" }, {
      type: "Established",
      status: "True",
    }]),
    "ready: Established",
  );
  assert.equal(
    definition([{
      type: "NamesAccepted",
      status: "False",
      reason: "PluralConflict",
      message: '"widgets" is already in use',
    }]),
    'failed: its names are taken: PluralConflict: "widgets" is already in use',
  );
});

Deno.test("an APIService that is not Available has failed, and may heal", () => {
  const service = (conditions: unknown) =>
    verdictOf(sample("apiregistration.k8s.io/v1", "APIService", { status: { conditions } }));
  assert.equal(service([{ type: "Available", status: "True" }]).state, "ready");
  assert.deepEqual(
    service([{ type: "Available", status: "False", reason: "MissingEndpoints", message: "none" }]),
    {
      state: "failed",
      because: "is not Available: MissingEndpoints: none",
      mayHeal: true,
    },
  );
});

Deno.test("a Namespace is ready when Active", () => {
  const namespace = (status: unknown) => verdict(sample("v1", "Namespace", { status }));
  assert.equal(namespace({}), "waiting: is not Active yet");
  assert.equal(namespace({ phase: "Active" }), "ready: Active");
});

Deno.test("an autoscaler is ready at its least number, and names missing metrics without waiting for them", () => {
  const autoscaler = (status: Record<string, unknown>) =>
    verdict(sample("autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: { minReplicas: 3, maxReplicas: 10 },
      status,
    }));
  const able = { type: "AbleToScale", status: "True", reason: "SucceededGetScale" };
  const blind = {
    type: "ScalingActive",
    status: "False",
    reason: "FailedGetResourceMetric",
    message: "no metrics",
  };
  assert.equal(autoscaler({}), "waiting: 0 of at least 3 replicas");
  assert.equal(
    autoscaler({ currentReplicas: 1, desiredReplicas: 3, conditions: [able] }),
    "waiting: 1 of at least 3 replicas",
  );
  assert.equal(
    autoscaler({ currentReplicas: 3, conditions: [able] }),
    "ready: 3 replicas, within 3 to 10",
  );
  assert.equal(
    autoscaler({ currentReplicas: 3, conditions: [able, blind] }),
    "ready: 3 replicas, within 3 to 10; does not scale for now: FailedGetResourceMetric: no metrics",
  );
  assert.equal(
    autoscaler({
      conditions: [{
        type: "AbleToScale",
        status: "False",
        reason: "FailedGetScale",
        message: 'deployments "web" not found',
      }],
    }),
    'failed: cannot scale its target: FailedGetScale: deployments "web" not found',
  );
  assert.equal(
    autoscaler({
      conditions: [able, { type: "ScalingActive", status: "False", reason: "ScalingDisabled" }],
    }),
    "ready: rests: its target wants no replicas",
  );
});

Deno.test("a PodDisruptionBudget is ready when as many pods are healthy as it asks for", () => {
  const budget = (status: Record<string, unknown>) =>
    verdict(sample("policy/v1", "PodDisruptionBudget", {
      metadata: { generation: 1 },
      status: { observedGeneration: 1, expectedPods: 3, ...status },
    }));
  assert.equal(
    budget({ desiredHealthy: 2, currentHealthy: 1 }),
    "waiting: 1 of 2 wanted pods are healthy",
  );
  assert.equal(
    budget({ desiredHealthy: 2, currentHealthy: 2, disruptionsAllowed: 0 }),
    "ready: 2 healthy pods, of which 0 may be disrupted",
  );
  assert.equal(
    budget({ expectedPods: 0, desiredHealthy: 2, currentHealthy: 0 }),
    "ready: covers no pods",
  );
  assert.equal(
    budget({
      conditions: [{
        type: "DisruptionAllowed",
        status: "False",
        reason: "SyncFailed",
        message: "found no controllers",
      }],
    }),
    "failed: cannot count its pods: found no controllers",
  );
});
