import assert from "node:assert/strict";
import type { Missing } from "../../../lib/local/nodes/missing.ts";
import { isTrue, type Pod } from "../../../lib/local/nodes/pod.ts";
import { saysTheSame, waitingStatus } from "../../../lib/local/nodes/pod_status.ts";

const now = "2026-11-21T06:00:00Z";
const later = "2026-11-21T06:05:00Z";
const placement = { hostIP: "10.88.0.11", podIP: "10.42.0.2", now };

function pod(more: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", generation: 1 },
    spec: {
      nodeName: "node-1",
      containers: [{ name: "app", image: "web:1" }, { name: "log", image: "log:1" }],
      ...more,
    },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: now }],
    },
  };
}

const waiting = (subject: Pod, missing: Missing[]) =>
  Object.fromEntries(
    (waitingStatus(subject, missing, placement).containerStatuses ?? []).map((
      status,
    ) => [status.name, status.state?.waiting]),
  );

Deno.test("a pod of which nothing is missing is released, with an address and all its containers waiting", () => {
  const status = waitingStatus(pod(), [], placement);
  assert.ok(isTrue(status.conditions, "PodReadyToStartContainers"));
  assert.ok(isTrue(status.conditions, "Initialized"));
  assert.ok(!isTrue(status.conditions, "Ready"));
  assert.equal(status.podIP, "10.42.0.2");
  assert.equal(status["hostIP"], "10.88.0.11");
  assert.equal(status["startTime"], now);
  assert.deepEqual(waiting(pod(), []), {
    app: { reason: "ContainerCreating" },
    log: { reason: "ContainerCreating" },
  });
});

Deno.test("a pod with init containers is not initialized when it is released", () => {
  const status = waitingStatus(pod({ initContainers: [{ name: "wait" }] }), [], placement);
  assert.ok(!isTrue(status.conditions, "Initialized"));
  assert.deepEqual(status.initContainerStatuses?.[0]?.state, {
    waiting: { reason: "PodInitializing" },
  });
});

Deno.test("a configuration error shows at its container, and the pod is not released", () => {
  const fault: Missing = {
    reason: "CreateContainerConfigError",
    message: 'secret "db" not found',
    container: "app",
  };
  assert.deepEqual(waiting(pod(), [fault]), {
    app: { reason: "CreateContainerConfigError", message: 'secret "db" not found' },
    log: { reason: "ContainerCreating" },
  });
  const { conditions } = waitingStatus(pod(), [fault], placement);
  assert.ok(!isTrue(conditions, "PodReadyToStartContainers"));
});

Deno.test("a missing volume keeps all containers in ContainerCreating, whatever else is missing", () => {
  const faults: Missing[] = [
    { reason: "FailedMount", message: "no secret" },
    { reason: "ImagePullBackOff", message: "no pull secret" },
    { reason: "CreateContainerConfigError", message: "no key", container: "app" },
  ];
  assert.deepEqual(waiting(pod(), faults), {
    app: { reason: "ContainerCreating" },
    log: { reason: "ContainerCreating" },
  });
});

Deno.test("an image that cannot be pulled shows before a configuration error", () => {
  const faults: Missing[] = [
    { reason: "CreateContainerConfigError", message: "no key", container: "app" },
    { reason: "ImagePullBackOff", message: 'pull secret "registry" not found' },
  ];
  assert.deepEqual(waiting(pod(), faults)["app"], {
    reason: "ImagePullBackOff",
    message: 'Back-off pulling image "web:1": ErrImagePull: pull secret "registry" not found',
  });
});

Deno.test("conditions of others are kept, and so is the time of a condition that does not change", () => {
  const first = pod();
  const fault: Missing = { reason: "FailedMount", message: "no secret" };
  const held = { ...first, status: waitingStatus(first, [fault], placement) };
  const released = waitingStatus(held, [], { ...placement, now: later });
  const time = (type: string) =>
    released.conditions?.find((condition) => condition.type === type)?.lastTransitionTime;
  assert.equal(time("PodScheduled"), now);
  assert.equal(time("Ready"), now);
  assert.equal(time("PodReadyToStartContainers"), later);
  assert.equal(released["startTime"], now);
});

Deno.test("saysTheSame() overlooks times, and sees another message", () => {
  const fault: Missing = {
    reason: "CreateContainerConfigError",
    message: 'secret "db" not found',
    container: "app",
  };
  const status = waitingStatus(pod(), [fault], placement);
  assert.ok(saysTheSame(status, waitingStatus(pod(), [fault], { ...placement, now: later })));
  const other = { ...fault, message: "couldn't find key url in Secret shop/db" };
  assert.ok(!saysTheSame(status, waitingStatus(pod(), [other], placement)));
  assert.ok(!saysTheSame(pod().status, status));
});
