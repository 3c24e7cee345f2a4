import assert from "node:assert/strict";
import { verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { counts, deployment, sample } from "../sample_objects.ts";

const verdict = (...args: Parameters<typeof verdictOf>) => {
  const { state, because } = verdictOf(...args);
  return `${state}: ${because}`;
};

Deno.test("a Deployment tells how far its rollout is", () => {
  const told = [counts(3, 3, 0), counts(4, 1, 3), counts(3, 3, 3, 2), counts(4, 3, 3)]
    .map((status) => verdict(deployment(status)));
  assert.deepEqual(told, [
    "waiting: 0/3 ready",
    "waiting: 1/3 updated",
    "waiting: 2/3 available",
    "waiting: 1 old replica still to be removed",
  ]);
  assert.equal(verdict(deployment(counts(3, 3, 3))), "ready: 3/3 available");
  assert.equal(verdict(deployment(counts(0, 0, 0), { replicas: 0 })), "ready: wants no replicas");
});

Deno.test("a Deployment past its progress deadline has failed, and may heal", () => {
  const conditions = [{
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: 'ReplicaSet "web-7db8" has timed out progressing.',
  }];
  const late = deployment({ ...counts(3, 3, 1), conditions }, { progressDeadlineSeconds: 60 });
  assert.deepEqual(verdictOf(late), {
    state: "failed",
    because: "1/3 ready: no progress within 60 s",
    mayHeal: true,
  });
  assert.equal(verdictOf(deployment({ ...counts(3, 3, 3), conditions })).state, "ready");
});

Deno.test("a Deployment whose pods are refused says so", () => {
  const message = 'pods "web-7db8-x" is forbidden: violates PodSecurity "restricted:latest"';
  const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }];
  assert.equal(
    verdict(deployment({ ...counts(0, 0, 0), conditions })),
    `failed: 0/3 ready: pods cannot be created: ${message}`,
  );
});

Deno.test("a Deployment whose rollout is paused halfway says so", () => {
  assert.equal(
    verdict(deployment(counts(3, 1, 3), { paused: true })),
    "waiting: 1/3 updated: its rollout is paused",
  );
});

function statefulSet(status: Record<string, unknown>, spec: Record<string, unknown> = {}) {
  return sample("apps/v1", "StatefulSet", {
    metadata: { generation: 1 },
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 1, currentRevision: "a", updateRevision: "a", ...status },
  });
}

Deno.test("a StatefulSet waits for all pods, and for its newest revision to be current", () => {
  assert.equal(verdict(statefulSet({ replicas: 2, readyReplicas: 1 })), "waiting: 1/3 ready");
  const rolling = { replicas: 3, readyReplicas: 3, updatedReplicas: 1, updateRevision: "b" };
  assert.equal(verdict(statefulSet(rolling)), "waiting: 1/3 updated");
  const settling = { ...rolling, updatedReplicas: 3 };
  assert.equal(verdict(statefulSet(settling)), "waiting: revision b is not current yet");
  const done = { ...settling, currentRevision: "b" };
  assert.equal(verdict(statefulSet(done)), "ready: 3/3 ready");
  assert.equal(
    verdict(statefulSet({ replicas: 4, readyReplicas: 4, updatedReplicas: 4 })),
    "waiting: 1 surplus replica still to be removed",
  );
});

Deno.test("a StatefulSet with a partition needs only the pods above it to be updated", () => {
  const partitioned = (partition: number, updatedReplicas: number) =>
    verdict(
      statefulSet(
        { replicas: 3, readyReplicas: 3, updatedReplicas, updateRevision: "b" },
        { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } } },
      ),
    );
  assert.equal(partitioned(2, 0), "waiting: 0/1 updated");
  assert.equal(partitioned(2, 1), "ready: 3/3 ready, 1 updated (partition 2)");
  assert.equal(partitioned(7, 0), "ready: 3/3 ready, 0 updated (partition 7)");
});

Deno.test("a StatefulSet with OnDelete still needs its pods ready, of whatever revision", () => {
  const onDelete = (readyReplicas: number) =>
    verdict(
      statefulSet(
        { replicas: 3, readyReplicas, updatedReplicas: 1, updateRevision: "b" },
        { updateStrategy: { type: "OnDelete" } },
      ),
    );
  assert.equal(onDelete(2), "waiting: 2/3 ready");
  assert.equal(
    onDelete(3),
    "ready: 3/3 ready; 2 pods of an older revision until somebody deletes them (OnDelete)",
  );
});

Deno.test("a StatefulSet with minReadySeconds waits for its pods to be available", () => {
  const status = { replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 1 };
  assert.equal(verdict(statefulSet(status, { minReadySeconds: 10 })), "waiting: 1/3 available");
});

Deno.test("a DaemonSet is ready when each node that asks for it has a new, available pod", () => {
  const daemonSet = (status: Record<string, unknown>, spec: Record<string, unknown> = {}) =>
    verdict(sample("apps/v1", "DaemonSet", {
      metadata: { generation: 1 },
      spec,
      status: { observedGeneration: 1, ...status },
    }));
  const on = (updated: number, ready: number, available = ready) => ({
    desiredNumberScheduled: 3,
    updatedNumberScheduled: updated,
    numberReady: ready,
    numberAvailable: available,
  });
  assert.equal(daemonSet({}), "waiting: its controller has not counted the nodes yet");
  assert.equal(daemonSet({ desiredNumberScheduled: 0 }), "ready: no node asks for it");
  assert.equal(daemonSet(on(1, 3)), "waiting: 1/3 updated");
  assert.equal(daemonSet(on(3, 2)), "waiting: 2/3 ready");
  assert.equal(daemonSet(on(3, 3, 2)), "waiting: 2/3 available");
  assert.equal(daemonSet(on(3, 3)), "ready: ready on 3 nodes");
  assert.equal(
    daemonSet(on(1, 3), { updateStrategy: { type: "OnDelete" } }),
    "ready: ready on 3 nodes",
  );
});

Deno.test("a ReplicaSet has exactly the wanted replicas, all available", () => {
  const replicaSet = (status: Record<string, unknown>) =>
    verdict(sample("apps/v1", "ReplicaSet", {
      spec: { replicas: 2 },
      status: { observedGeneration: 1, ...status },
    }));
  assert.equal(replicaSet({ replicas: 2, availableReplicas: 1 }), "waiting: 1/2 available");
  assert.equal(
    replicaSet({ replicas: 3, availableReplicas: 3 }),
    "waiting: 1 surplus replica still to be removed",
  );
  assert.equal(replicaSet({ replicas: 2, availableReplicas: 2 }), "ready: 2/2 available");
});

Deno.test("a Job is ready when complete, failed with its message, and at rest when suspended", () => {
  const job = (status: Record<string, unknown>, spec: Record<string, unknown> = {}) =>
    verdict(sample("batch/v1", "Job", { spec: { completions: 2, ...spec }, status }));
  const failure = {
    status: "True",
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
  };
  assert.equal(job({ active: 1 }), "waiting: 0/2 completions");
  assert.equal(job({ succeeded: 1, failed: 2 }), "waiting: 1/2 completions, 2 pods failed");
  assert.equal(
    job({ succeeded: 2, conditions: [{ type: "Complete", status: "True" }] }),
    "ready: complete: 2 pods succeeded",
  );
  for (const type of ["Failed", "FailureTarget"]) {
    assert.equal(
      job({ conditions: [{ type, ...failure }] }),
      "failed: failed: BackoffLimitExceeded: Job has reached the specified backoff limit",
    );
  }
  assert.equal(job({}, { suspend: true }), "ready: suspended until somebody resumes it");
});

Deno.test("a CronJob is ready at once", () => {
  const cronJob = (spec: Record<string, unknown>) =>
    verdict(sample("batch/v1", "CronJob", { spec }));
  assert.equal(cronJob({ schedule: "0 3 * * *" }), "ready: scheduled 0 3 * * *");
  assert.equal(cronJob({ suspend: true }), "ready: suspended until somebody resumes it");
});

Deno.test("a Pod is ready when its Ready condition is true or when it has succeeded", () => {
  const pod = (status: Record<string, unknown>) =>
    verdict(sample("v1", "Pod", { spec: { containers: [{ name: "a" }, { name: "b" }] }, status }));
  assert.equal(pod({}), "waiting: is not seen by a node yet");
  assert.equal(pod({ phase: "Pending" }), "waiting: is Pending");
  assert.equal(
    pod({ phase: "Running", containerStatuses: [{ ready: true }, { ready: false }, null] }),
    "waiting: 1/2 containers ready",
  );
  assert.equal(
    pod({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] }),
    "ready: 2 containers ready",
  );
  assert.equal(pod({ phase: "Succeeded" }), "ready: succeeded");
  assert.equal(
    pod({ phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." }),
    "failed: failed: Evicted: The node was low on resource: memory.",
  );
});
