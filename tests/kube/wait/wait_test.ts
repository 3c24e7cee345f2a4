import assert from "node:assert/strict";
import { ExitCode, Interrupted, SlipwayError, TimedOut } from "../../../lib/core/errors.ts";
import { refOf } from "../../../lib/core/object.ts";
import { throwIfNotReady, type WaitResult } from "../../../lib/kube/wait/result.ts";
import { createFakeClient } from "../fake_client.ts";
import {
  counts,
  crashingPod,
  deployment,
  pod,
  replicaSet,
  sample,
  waitingPod,
  warning,
} from "../sample_objects.ts";
import { startOfTime, startWait, textOf } from "../wait_harness.ts";

const at = (ms: number) => startOfTime.add({ milliseconds: ms }).toString();
const recently = { exitCode: 1, message: "missing DB_URL", finishedAt: at(-1_000) };

Deno.test("waitUntilReady() ends as soon as the last object is ready, and tells each change once", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 1))]);
  const wait = startWait(client, [deployment()]);
  await wait.until(/1\/3/);
  client.set(deployment(counts(3, 3, 2)));
  await wait.until(/2\/3/);
  client.set(deployment({ ...counts(3, 3, 2), collisionCount: 1 }));
  client.set(deployment(counts(3, 3, 3)));
  assert.deepEqual(textOf(await wait.result), ["done", "ready Deployment shop/web: 3/3 available"]);
  assert.deepEqual(wait.told, [
    "waiting Deployment shop/web: 1/3 ready",
    "waiting Deployment shop/web: 2/3 ready",
    "ready Deployment shop/web: 3/3 available",
  ]);
  assert.deepEqual(client.openWatches, []);
});

Deno.test("what is ready already takes one watch for each kind and namespace, and nothing else", async () => {
  const other = deployment(counts(3, 3, 3), {}, { name: "other", uid: "other" });
  const job = sample("batch/v1", "Job", {
    status: { conditions: [{ type: "Complete", status: "True" }] },
  });
  const client = createFakeClient([deployment(counts(3, 3, 3)), other, job]);
  await startWait(client, [deployment(), other, job]).result;
  assert.deepEqual(client.calls, ["watch Deployment shop", "watch Job shop metadata.name=web"]);
});

Deno.test("what was just applied and needs no more than to exist is not even watched", async () => {
  const client = createFakeClient();
  const secret = sample("v1", "Secret");
  const wait = startWait(client, [secret], { justApplied: true });
  assert.deepEqual(textOf(await wait.result), ["done", "ready Secret shop/web: applied"]);
  assert.deepEqual(client.calls, []);
});

Deno.test("what nobody acts on counts as admitted, without a request", async () => {
  const client = createFakeClient();
  const route = sample("traefik.io/v1alpha1", "IngressRoute");
  const wait = startWait(client, [route], { admitted: (ref) => ref.kind === "IngressRoute" });
  assert.deepEqual(textOf(await wait.result), [
    "done",
    "admitted IngressRoute shop/web: admitted; nothing in this cluster acts on it",
  ]);
  assert.deepEqual(client.calls, []);
});

Deno.test("a crash loop ends the wait at once, with the container's last words, and tells what else waits", async () => {
  const database = sample("apps/v1", "StatefulSet", {
    metadata: { name: "db" },
    spec: { replicas: 1 },
    status: { observedGeneration: 1 },
  });
  const client = createFakeClient([deployment(counts(3, 3, 0)), replicaSet(), database]);
  const wait = startWait(client, [deployment(), database]);
  await wait.until(/0\/3/);
  client.set(pod("web-7db8-a", crashingPod(3, recently)));
  const result = await wait.result;
  assert.deepEqual(textOf(result), [
    "failed",
    'failed Deployment shop/web: 0/3 ready: pod web-7db8-a is CrashLoopBackOff: exit 1: "missing DB_URL"',
    "waiting StatefulSet shop/db: 0/1 ready",
  ]);
  assert.throws(() => throwIfNotReady(result), (error) => {
    assert.ok(error instanceof SlipwayError && !(error instanceof TimedOut));
    assert.equal(error.exitCode, ExitCode.failed);
    assert.match(
      error.message,
      /^1 of 2 objects failed\n {2}Deployment shop\/web: 0\/3 ready: pod/,
    );
    assert.match(error.message, /still waiting: StatefulSet shop\/db: 0\/1 ready$/);
    assert.match(error.remedy ?? "", /logs web-7db8-a --container app --previous/);
    return true;
  });
});

Deno.test("a crash loop from before the wait is given time to show that it is mended", async () => {
  const old = { ...recently, finishedAt: at(-600_000) };
  const client = createFakeClient([
    deployment(counts(1, 1, 0), { replicas: 1 }),
    replicaSet(),
    pod("web-7db8-a", crashingPod(7, old)),
  ]);
  const healed = startWait(client, [deployment()]);
  await healed.clock.asleep(60_000);
  healed.clock.advance(59_000);
  client.set(deployment(counts(1, 1, 1), { replicas: 1 }));
  assert.equal((await healed.result).outcome, "done");

  client.set(deployment(counts(1, 1, 0), { replicas: 1 }));
  const broken = startWait(client, [deployment()]);
  await broken.clock.asleep(60_000);
  broken.clock.advance(60_000);
  assert.equal((await broken.result).outcome, "failed");
});

Deno.test("a missing Secret is waited for, and fails the wait when nobody brings it in time", async () => {
  const stuck = pod(
    "web-7db8-a",
    waitingPod("CreateContainerConfigError", 'secret "db" not found'),
  );
  const client = createFakeClient([deployment(counts(3, 3, 0)), replicaSet(), stuck]);
  const wait = startWait(client, [deployment()], { graceMs: { config: 5_000 } });
  await wait.until(/secret "db" not found/);
  await wait.clock.asleep(5_000);
  wait.clock.advance(5_000);
  const result = await wait.result;
  assert.equal(result.outcome, "failed");
  assert.throws(() => throwIfNotReady(result), {
    message:
      'Deployment shop/web: 0/3 ready: pod web-7db8-a is CreateContainerConfigError: secret "db" not found',
  });
});

Deno.test("trouble that goes away and comes back gets its whole grace period again", async () => {
  const stuck = (reason: string) => pod("web-7db8-a", waitingPod(reason, "not found"));
  const client = createFakeClient([
    deployment(counts(3, 3, 0)),
    replicaSet(),
    stuck("CreateContainerConfigError"),
  ]);
  const wait = startWait(client, [deployment()], { graceMs: { config: 5_000, image: 60_000 } });
  await wait.clock.asleep(5_000);
  wait.clock.advance(4_000);
  client.set(stuck("ErrImagePull"));
  await wait.until(/ErrImagePull/);
  await wait.clock.asleep(60_000);
  wait.clock.advance(4_000);
  client.set(stuck("CreateContainerConfigError"));
  await wait.clock.asleep(5_000);
  wait.clock.advance(4_000);
  client.set(deployment(counts(3, 3, 3)));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("a Job that failed ends the wait at once", async () => {
  const conditions = [{
    type: "Failed",
    status: "True",
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
  }];
  const client = createFakeClient([sample("batch/v1", "Job", { status: { conditions } })]);
  assert.deepEqual(textOf(await startWait(client, [sample("batch/v1", "Job")]).result), [
    "failed",
    "failed Job shop/web: failed: BackoffLimitExceeded: Job has reached the specified backoff limit",
  ]);
});

Deno.test("a controller's own failure is believed only when it lasts", async () => {
  const certificate = (status: string, reason: string) =>
    sample("cert-manager.io/v1", "ClusterIssuer", {
      metadata: { namespace: undefined, name: "acme" },
      status: { conditions: [{ type: "Ready", status, reason }] },
    });
  const client = createFakeClient([certificate("False", "ErrRegisterACMEAccount")]);
  const wait = startWait(client, [certificate("False", "")]);
  await wait.until(/waiting ClusterIssuer acme: is not ready: ErrRegisterACMEAccount/);
  client.set(certificate("True", "ACMEAccountRegistered"));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("an object that is deleted while it is waited for has failed", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 0))]);
  const wait = startWait(client, [deployment()]);
  await wait.until(/0\/3/);
  client.remove(refOf(deployment()));
  assert.deepEqual(textOf(await wait.result), [
    "failed",
    "failed Deployment shop/web: was deleted",
  ]);
});

Deno.test("a finished Job that is cleaned up while others are waited for stays ready", async () => {
  const job = sample("batch/v1", "Job", {
    status: { conditions: [{ type: "Complete", status: "True" }] },
  });
  const client = createFakeClient([job, deployment(counts(3, 3, 0))]);
  const wait = startWait(client, [job, deployment()]);
  await wait.until(/ready Job/);
  client.set({ ...job, metadata: { ...job.metadata, deletionTimestamp: at(0) } });
  client.remove(refOf(job));
  client.set(deployment(counts(3, 3, 1)));
  await wait.until(/1\/3/);
  client.set(deployment(counts(3, 3, 3)));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("an object that does not exist yet is waited for", async () => {
  const client = createFakeClient();
  const wait = startWait(client, [deployment()]);
  await wait.until(/waiting Deployment shop\/web: does not exist/);
  client.set(deployment(counts(3, 3, 3)));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("all objects must be ready at the same time", async () => {
  const autoscaler = (currentReplicas: number) =>
    sample("autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: { minReplicas: 3, maxReplicas: 10 },
      status: { currentReplicas },
    });
  const client = createFakeClient([
    deployment(counts(1, 1, 1), { replicas: 1 }),
    autoscaler(1),
  ]);
  const wait = startWait(client, [deployment(), autoscaler(1)]);
  await wait.until(/ready Deployment/);
  client.set(deployment(counts(3, 3, 1)));
  client.set(autoscaler(3));
  await wait.until(/waiting Deployment shop\/web: 1\/3 ready/);
  client.set(deployment(counts(3, 3, 3)));
  assert.deepEqual(textOf(await wait.result), [
    "done",
    "ready Deployment shop/web: 3/3 available",
    "ready HorizontalPodAutoscaler shop/web: 3 replicas, within 3 to 10",
  ]);
});

Deno.test("a claim that waits for its first consumer is ready until a pod uses it", async () => {
  const claim = sample("v1", "PersistentVolumeClaim", {
    metadata: { name: "data" },
    spec: { storageClassName: "local-path", accessModes: ["ReadWriteOnce"] },
    status: { phase: "Pending" },
  });
  const storageClass = sample("storage.k8s.io/v1", "StorageClass", {
    metadata: { name: "local-path", namespace: undefined },
    volumeBindingMode: "WaitForFirstConsumer",
  });
  const client = createFakeClient([claim, storageClass, deployment(counts(1, 1, 0))]);
  const wait = startWait(client, [claim, deployment()]);
  await wait.until(/ready PersistentVolumeClaim shop\/data: Pending until a first pod uses it/);
  client.set(
    pod("web-7db8-a", waitingPod("ContainerCreating"), {}, {
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
    }),
  );
  await wait.until(/waiting PersistentVolumeClaim shop\/data: is Pending/);
  client.set({ ...claim, status: { phase: "Bound" } });
  client.set(deployment(counts(3, 3, 3)));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("pods that are refused are told from events, and fail the wait after their grace period", async () => {
  const set = sample("apps/v1", "StatefulSet", {
    metadata: { uid: "set" },
    spec: { replicas: 1 },
    status: { observedGeneration: 1 },
  });
  const client = createFakeClient([set]);
  const wait = startWait(client, [set], { graceMs: { creation: 3_000 } });
  await wait.until(/0\/1/);
  const message =
    'create Pod web-0 in StatefulSet web failed error: pods "web-0" is forbidden: exceeded quota: small';
  client.set(warning(set, "FailedCreate", message, at(0)));
  await wait.until(/exceeded quota/);
  await wait.clock.asleep(3_000);
  wait.clock.advance(3_000);
  const result = await wait.result;
  assert.deepEqual(textOf(result), [
    "failed",
    'failed StatefulSet shop/web: 0/1 ready: pods cannot be created: pods "web-0" is forbidden: exceeded quota: small',
  ]);
  assert.throws(() => throwIfNotReady(result), {
    remedy: "raise the ResourceQuota, or lower the requests",
  });
});

Deno.test("what is in lasting trouble when the wait fails has failed too, and a claim says its cause once", async () => {
  const job = sample("batch/v1", "Job", {
    status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] },
  });
  const claim = sample("v1", "PersistentVolumeClaim", {
    metadata: { name: "data" },
    spec: { storageClassName: "nfs" },
    status: { phase: "Pending" },
  });
  const wait = startWait(createFakeClient([claim, job]), [claim, job]);
  assert.deepEqual(textOf(await wait.result), [
    "failed",
    "failed PersistentVolumeClaim shop/data: is Pending: class nfs does not exist",
    "failed Job shop/web: failed: DeadlineExceeded",
  ]);
});

Deno.test("a time-out names each object that is not ready and its cause", async () => {
  const pending = pod("web-7db8-a", {
    phase: "Pending",
    conditions: [{
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/3 nodes are available: 3 Insufficient cpu.",
    }],
  });
  const client = createFakeClient([deployment(counts(3, 3, 0)), replicaSet(), pending]);
  const wait = startWait(client, [deployment()], { timeoutMs: 20_000 });
  await wait.until(/Insufficient cpu/);
  await wait.clock.asleep(20_000);
  wait.clock.advance(20_000);
  const result = await wait.result;
  assert.equal(result.outcome, "timedOut");
  assert.throws(() => throwIfNotReady(result), (error) => {
    assert.ok(error instanceof TimedOut);
    assert.equal(error.exitCode, ExitCode.timedOut);
    assert.equal(
      error.message,
      "Gave up after 20.0 s: Deployment shop/web: 0/3 ready: pod web-7db8-a cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu",
    );
    assert.match(error.remedy ?? "", /^add a node that fits/);
    return true;
  });
});

Deno.test("a deadline that aborts the signal is a time-out with its causes, not an interruption", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 0)), replicaSet()]);
  const deadline = new AbortController();
  const wait = startWait(client, [deployment()], { signal: deadline.signal });
  await wait.until(/0\/3/);
  client.set(pod("web-7db8-a", waitingPod("ContainerCreating")));
  deadline.abort(new TimedOut("the run took too long"));
  assert.deepEqual(textOf(await wait.result), [
    "timedOut",
    "waiting Deployment shop/web: 0/3 ready: pod web-7db8-a waits for a node",
  ]);
});

Deno.test("an interruption ends the wait and its watches", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 0))]);
  const user = new AbortController();
  const wait = startWait(client, [deployment()], { signal: user.signal });
  await wait.until(/0\/3/);
  user.abort();
  await assert.rejects(wait.result, Interrupted);
  assert.deepEqual(client.openWatches, []);
});

Deno.test("with no time at all everything is still looked at once", async () => {
  const other = deployment(counts(3, 3, 3), {}, { name: "other", uid: "other" });
  const client = createFakeClient([deployment(counts(3, 3, 0)), other, sample("v1", "ConfigMap")]);
  const gone = sample("v1", "ConfigMap", { metadata: { name: "gone" } });
  const wait = startWait(client, [deployment(), other, sample("v1", "ConfigMap"), gone], {
    timeoutMs: 0,
  });
  assert.deepEqual(textOf(await wait.result), [
    "timedOut",
    "waiting Deployment shop/web: 0/3 ready",
    "ready Deployment shop/other: 3/3 available",
    "ready ConfigMap shop/web: exists",
    "waiting ConfigMap shop/gone: does not exist",
  ]);
});

Deno.test("a watch that ends for good ends the wait with its error", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 0))]);
  const wait = startWait(client, [deployment()]);
  await wait.until(/0\/3/);
  client.fail(/^watch Deployment/, new SlipwayError("the login was refused"));
  await assert.rejects(wait.result, { message: "the login was refused" });
  assert.deepEqual(client.openWatches, []);
});

Deno.test("a wait goes on when it may not see what stands beside its objects", async () => {
  const client = createFakeClient([deployment(counts(3, 3, 0))]);
  client.fail(/^watch (Pod|ReplicaSet|Event)/, new SlipwayError("forbidden"));
  const wait = startWait(client, [deployment()]);
  await wait.until(/0\/3/);
  client.set(deployment(counts(3, 3, 3)));
  assert.equal((await wait.result).outcome, "done");
});

Deno.test("throwIfNotReady() lists a dozen objects and counts the rest", () => {
  const objects: WaitResult["objects"] = Array.from({ length: 15 }, (_, index) => ({
    ref: { apiVersion: "v1", kind: "Service", namespace: "shop", name: `s${index}` },
    state: "waiting",
    because: "has no cluster IP yet",
    causes: [],
  }));
  const result: WaitResult = { aim: "ready", outcome: "timedOut", objects, durationMs: 90_000 };
  assert.throws(() => throwIfNotReady(result), (error) => {
    assert.ok(error instanceof TimedOut);
    const lines = error.message.split("\n");
    assert.equal(lines[0], "Gave up after 1 min 30 s: 15 of 15 objects are not ready");
    assert.equal(lines.length, 14);
    assert.equal(lines.at(-1), "  and 3 more");
    return true;
  });
  throwIfNotReady({ ...result, outcome: "done" });
});
