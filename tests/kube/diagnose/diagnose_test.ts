import assert from "node:assert/strict";
import fc from "fast-check";
import { type Cause, rankCauses } from "../../../lib/kube/diagnose/cause.ts";
import { claimCause } from "../../../lib/kube/diagnose/claim.ts";
import { causeOf } from "../../../lib/kube/diagnose/pod.ts";
import { causesOf, type Family } from "../../../lib/kube/diagnose/workload.ts";
import { diagnose } from "../../../lib/kube/diagnose/diagnose.ts";
import { createFakeClient } from "../fake_client.ts";
import {
  counts,
  crashingPod,
  deployment,
  owner,
  pod,
  replicaSet,
  sample,
  waitingPod,
  warning,
} from "../sample_objects.ts";

const told = (cause: Cause | undefined) =>
  cause === undefined
    ? undefined
    : `${cause.permanent ? "permanent" : "passing"} ${cause.kind}: ${cause.because}`;
const family = (members: Partial<Family>): Family => ({
  pods: [],
  replicaSets: [replicaSet()],
  events: [],
  ...members,
});

Deno.test("a pod that is ready, or has succeeded, has no cause", () => {
  const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  assert.equal(causeOf(pod("web-x", ready)), undefined);
  assert.equal(causeOf(pod("web-x", { phase: "Succeeded" })), undefined);
});

Deno.test("a crash loop names the exit code and the termination message, and is permanent after three restarts", () => {
  const terminated = {
    exitCode: 1,
    message: "missing DB_URL\n",
    finishedAt: "2026-01-01T00:00:00Z",
  };
  assert.equal(
    told(causeOf(pod("web-x", crashingPod(3, terminated)))),
    'permanent crash: pod web-x is CrashLoopBackOff: exit 1: "missing DB_URL"',
  );
  assert.equal(
    told(causeOf(pod("web-x", crashingPod(2)))),
    "passing crash: pod web-x is CrashLoopBackOff: exit 1",
  );
  assert.equal(
    told(causeOf(pod("web-x", crashingPod(2)), [], { crashLoopRestarts: 2 })),
    "permanent crash: pod web-x is CrashLoopBackOff: exit 1",
  );
});

Deno.test("a crash tells being out of memory, and the probe that ended the container", () => {
  const oom = causeOf(pod("web-x", crashingPod(3, { exitCode: 137, reason: "OOMKilled" })));
  assert.equal(oom?.because, "pod web-x is CrashLoopBackOff: exit 137 (OOMKilled)");
  assert.match(oom?.remedy ?? "", /memory limit/);
  const killed = pod("web-x", crashingPod(3, { exitCode: 137, reason: "Error" }));
  const probe = warning(killed, "Unhealthy", "Liveness probe failed: connection refused");
  assert.equal(
    causeOf(killed, [probe])?.because,
    "pod web-x is CrashLoopBackOff: exit 137 (Liveness probe failed: connection refused)",
  );
});

Deno.test("a stuck init container is named, with its pod, before the containers that wait for it", () => {
  const status = {
    ...waitingPod("PodInitializing"),
    initContainerStatuses: [
      { name: "first", ready: true, state: { terminated: { exitCode: 0 } } },
      {
        name: "migrate",
        restartCount: 4,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 2 } },
      },
    ],
  };
  assert.equal(
    told(causeOf(pod("web-x", status))),
    "permanent crash: pod web-x is Init:CrashLoopBackOff: container migrate: exit 2",
  );
});

Deno.test("an init container that still runs is no cause of its own", () => {
  const status = {
    ...waitingPod("PodInitializing"),
    initContainerStatuses: [{
      name: "wait",
      ready: false,
      restartCount: 0,
      state: { running: {} },
    }],
  };
  assert.equal(told(causeOf(pod("web-x", status))), "passing starting: pod web-x waits for a node");
});

Deno.test("an image that cannot be pulled is named with the registry's words", () => {
  const message = 'Back-off pulling image "registry.test/app:1": ErrImagePull: not found';
  assert.equal(
    told(causeOf(pod("web-x", waitingPod("ImagePullBackOff", message)))),
    `permanent image: pod web-x is ImagePullBackOff: ${message}`,
  );
  assert.equal(
    told(causeOf(pod("web-x", waitingPod("ErrImagePull", "unauthorized")))),
    "permanent image: pod web-x is ErrImagePull: registry.test/app:1: unauthorized",
  );
});

Deno.test("a missing Secret is named as the container or the volume that wants it tells", () => {
  const env = causeOf(
    pod("web-x", waitingPod("CreateContainerConfigError", 'secret "db" not found')),
  );
  assert.equal(
    told(env),
    'permanent config: pod web-x is CreateContainerConfigError: secret "db" not found',
  );
  assert.match(env?.remedy ?? "", /create what the container refers to/);
  const mounting = pod("web-x", waitingPod("ContainerCreating"));
  const event = warning(
    mounting,
    "FailedMount",
    'MountVolume.SetUp failed for volume "google" : secret "google" not found',
  );
  assert.equal(
    told(causeOf(mounting, [event])),
    'permanent config: pod web-x cannot start: FailedMount: MountVolume.SetUp failed for volume "google" : secret "google" not found',
  );
});

Deno.test("an unschedulable pod gives the scheduler's words without the preemption part", () => {
  const unschedulable = (message: string) =>
    told(causeOf(pod("web-x", {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    })));
  assert.equal(
    unschedulable(
      "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
    ),
    "permanent scheduling: pod web-x cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu",
  );
  assert.match(
    unschedulable("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.") ??
      "",
    /^passing scheduling/,
  );
  assert.match(
    unschedulable('0/3 nodes are available: persistentvolumeclaim "data" not found.') ?? "",
    /^permanent config/,
  );
});

Deno.test("a pod that runs but is not ready tells which probe fails", () => {
  const running = pod("web-x", {
    phase: "Running",
    containerStatuses: [{ name: "app", ready: false, restartCount: 0, state: { running: {} } }],
  });
  const event = warning(running, "Unhealthy", "Readiness probe failed: HTTP 503");
  assert.equal(told(causeOf(running)), "passing starting: pod web-x runs but is not ready");
  assert.equal(
    told(causeOf(running, [event])),
    "passing probe: pod web-x is not ready: Readiness probe failed: HTTP 503",
  );
});

Deno.test("causeOf() never throws, whatever the status is", () => {
  const statuses = fc.dictionary(
    fc.constantFrom("phase", "conditions", "containerStatuses", "initContainerStatuses"),
    fc.oneof(
      fc.anything(),
      fc.array(fc.record({ name: fc.anything(), state: fc.anything(), lastState: fc.anything() })),
    ),
  );
  fc.assert(fc.property(statuses, fc.array(fc.anything()), (status, events) => {
    const objects = events.map((involvedObject) =>
      sample("v1", "Event", { type: "Warning", involvedObject })
    );
    const cause = causeOf(pod("web-x", status), objects);
    if (cause !== undefined) assert.match(cause.because, /^pod web-x /);
  }));
});

Deno.test("a claim that its class cannot serve says so", () => {
  const claim = sample("v1", "PersistentVolumeClaim", {
    metadata: { name: "data", uid: "claim" },
    spec: { storageClassName: "local-path", accessModes: ["ReadWriteMany"] },
    status: { phase: "Pending" },
  });
  const storageClass = sample("storage.k8s.io/v1", "StorageClass", {
    provisioner: "rancher.io/local-path",
  });
  assert.equal(
    told(claimCause(claim, [], storageClass)),
    "permanent storage: claim data is Pending: class local-path cannot give ReadWriteMany",
  );
  assert.equal(
    told(claimCause(claim, [], null)),
    "permanent storage: claim data is Pending: class local-path does not exist",
  );
  const refused = "StorageClass x cannot give 10Gi: 1 GiB of 2 GiB are free";
  assert.equal(
    told(claimCause(claim, [warning(claim, "ProvisioningFailed", refused)])),
    `permanent storage: claim data is Pending: ${refused}`,
  );
  assert.equal(
    told(claimCause(claim, [warning(claim, "ProvisioningFailed", "context deadline exceeded")])),
    "passing storage: claim data is Pending: context deadline exceeded",
  );
  assert.equal(claimCause({ ...claim, status: { phase: "Bound" } }), undefined);
});

Deno.test("a Deployment's causes are those of its newest ReplicaSet's pods, and alike ones are counted", () => {
  const old = replicaSet("web-old", 1);
  const oldPod = pod("web-old-1", crashingPod(9), {
    ownerReferences: [owner("ReplicaSet", "web-old", "web-old")],
  });
  const stranger = pod("other-1", crashingPod(9), { ownerReferences: [] });
  const causes = causesOf(
    deployment(counts(3, 3, 0)),
    family({
      replicaSets: [old, replicaSet("web-7db8", 2)],
      pods: [
        oldPod,
        stranger,
        pod("web-7db8-b", crashingPod(3)),
        pod("web-7db8-a", crashingPod(3)),
        pod("web-7db8-c", waitingPod("ContainerCreating")),
      ],
    }),
  );
  assert.deepEqual(causes.map(told), [
    "permanent crash: pod web-7db8-a is CrashLoopBackOff: exit 1 (and 1 more alike)",
    "passing starting: pod web-7db8-c waits for a node",
  ]);
});

Deno.test("pods that are refused are told from the ReplicaSet's event, until a pod was made after it", () => {
  const message =
    'Error creating: pods "web-7db8-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true';
  const event = warning(replicaSet(), "FailedCreate", message, "2026-01-01T00:00:10Z");
  const [refused] = causesOf(deployment(), family({ events: [event] }));
  assert.equal(
    told(refused),
    'permanent creation: pods cannot be created: pods "web-7db8-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
  );
  assert.match(refused?.remedy ?? "", /securityContext/);
  const later = pod("web-7db8-y", waitingPod("ContainerCreating"), {
    creationTimestamp: "2026-01-01T00:00:20Z",
  });
  assert.deepEqual(
    causesOf(deployment(), family({ events: [event], pods: [later] })).map(({ kind }) => kind),
    ["starting"],
  );
});

Deno.test("a webhook that does not answer is no permanent refusal", () => {
  const message =
    'Error creating: Internal error occurred: failed calling webhook "x.test": connection refused';
  const [cause] = causesOf(
    deployment(),
    family({ events: [warning(replicaSet(), "FailedCreate", message)] }),
  );
  assert.equal(cause?.kind, "creation");
  assert.equal(cause?.permanent, false);
});

Deno.test("a StatefulSet's broken pod of an older revision is to be deleted", () => {
  const statefulSet = sample("apps/v1", "StatefulSet", {
    metadata: { uid: "set" },
    status: { updateRevision: "b" },
  });
  const broken = pod("web-0", crashingPod(5), {
    labels: { "controller-revision-hash": "a" },
    ownerReferences: [owner("StatefulSet", "web", "set")],
  });
  const [cause] = causesOf(statefulSet, family({ pods: [broken] }));
  assert.match(cause?.because ?? "", /older revision, and holds up the new one/);
  assert.match(cause?.remedy ?? "", /^delete pod web-0/);
});

Deno.test("a Job's crashing pods are not permanent: the Job counts its failures itself", () => {
  const job = sample("batch/v1", "Job", { metadata: { uid: "job" } });
  const crashing = pod("web-1", crashingPod(5), { ownerReferences: [owner("Job", "web", "job")] });
  const [cause] = causesOf(job, family({ pods: [crashing] }));
  assert.deepEqual([cause?.kind, cause?.permanent], ["crash", false]);
});

Deno.test("a pod that no node takes for want of a volume shows its claim's cause", () => {
  const claim = sample("v1", "PersistentVolumeClaim", {
    metadata: { name: "data" },
    spec: { storageClassName: "nfs" },
    status: { phase: "Pending" },
  });
  const stuck = pod(
    "web-7db8-a",
    {
      phase: "Pending",
      conditions: [{
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
      }],
    },
    {},
    { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
  );
  const causes = causesOf(
    deployment(),
    family({ pods: [stuck], claims: [claim], storageClasses: [] }),
  );
  assert.equal(
    told(causes[0]),
    "permanent storage: claim data is Pending: class nfs does not exist",
  );
});

Deno.test("rankCauses() puts what is permanent first, and loses no object", () => {
  const kinds = fc.constantFrom<Cause["kind"]>("crash", "image", "config", "starting");
  const cause = fc.record({ kind: kinds, permanent: fc.boolean(), name: fc.nat(5) }).map(
    ({ kind, permanent, name }): Cause => ({
      subject: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: `pod-${name}` },
      kind,
      because: `pod pod-${name} is ${kind}`,
      permanent,
    }),
  );
  fc.assert(fc.property(fc.array(cause), (causes) => {
    const ranked = rankCauses(causes);
    for (const kind of new Set(causes.map((cause) => cause.kind))) {
      const names = new Set(
        causes.filter((cause) => cause.kind === kind).map(({ subject }) => subject.name),
      );
      const lines = ranked.filter((cause) => cause.kind === kind);
      const more = Number(/and (\d+) more/.exec(lines[0]?.because ?? "")?.[1] ?? 0);
      assert.equal(lines.length, 1);
      assert.equal(more + 1, names.size);
    }
    if (causes.some(({ permanent }) => permanent)) assert.ok(ranked[0]?.permanent);
  }));
});

const crashing = pod("web-7db8-a", crashingPod(3, { exitCode: 1, message: "told on exit" }));

Deno.test("diagnose() quotes the last line of the current log, or else of the previous one", async () => {
  const client = createFakeClient([replicaSet(), crashing]);
  const because = async () => (await diagnose(client, deployment())).map((cause) => cause.because);
  assert.deepEqual(await because(), [
    'pod web-7db8-a is CrashLoopBackOff: exit 1: "told on exit"',
  ]);
  const where = { namespace: "shop", name: "web-7db8-a" };
  client.setLog(where, "starting\nmissing DB_URL\n\n", { container: "app", previous: true });
  assert.deepEqual(await because(), [
    'pod web-7db8-a is CrashLoopBackOff: exit 1: "missing DB_URL"',
  ]);
  client.setLog(where, "panic: no port", { container: "app" });
  assert.deepEqual(await because(), [
    'pod web-7db8-a is CrashLoopBackOff: exit 1: "panic: no port"',
  ]);
});

Deno.test("diagnose() says what it sees when part of it may not be read", async () => {
  const client = createFakeClient([replicaSet(), crashing]);
  client.fail(/^(list Event|list StorageClass|logs)/, new Error("forbidden"));
  const [cause] = await diagnose(client, deployment());
  assert.equal(cause?.because, 'pod web-7db8-a is CrashLoopBackOff: exit 1: "told on exit"');
});

Deno.test("diagnose() gives the last warning about an object that has no pods", async () => {
  const service = sample("v1", "Service", { metadata: { uid: "service" } });
  const client = createFakeClient([
    warning(service, "SyncLoadBalancerFailed", "no address left", "2026-01-01T00:00:02Z"),
    sample("v1", "Event", {
      metadata: { name: "older" },
      type: "Warning",
      reason: "Older",
      lastTimestamp: "2026-01-01T00:00:01Z",
      involvedObject: { kind: "Service", name: "web", namespace: "shop", uid: "service" },
    }),
  ]);
  assert.deepEqual(
    (await diagnose(client, service)).map(told),
    ["passing other: SyncLoadBalancerFailed: no address left"],
  );
});
