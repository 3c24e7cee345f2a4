import assert from "node:assert/strict";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

function podOf(changes: Parameters<typeof sampleWorkload>[0]) {
  return find(workload("web", sampleWorkload(changes)), "Deployment", "shop/web").spec.template
    .spec;
}

Deno.test("workload() leaves the number of pods to the autoscaler where there is one", () => {
  const autoscaling = { minReplicas: 2, maxReplicas: 4, cpuUtilizationPercent: 70 };
  const scaled = workload("web", sampleWorkload({ autoscaling }));
  assert.equal("replicas" in find(scaled, "Deployment", "shop/web").spec, false);
  const { spec } = find(scaled, "HorizontalPodAutoscaler", "shop/web");
  assert.deepEqual(spec.scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "web" });
  const fixed = workload("web", sampleWorkload({ replicas: 2 }));
  assert.equal(find(fixed, "Deployment", "shop/web").spec.replicas, 2);
  assert.deepEqual(namesOf(fixed, "HorizontalPodAutoscaler"), []);
});

Deno.test("workload() gives its pods the annotations of the platform file, and none without them", () => {
  const podAnnotations = { "prometheus.io/scrape": "true" };
  const annotated = find(
    workload("web", sampleWorkload({ podAnnotations })),
    "Deployment",
    "shop/web",
  );
  assert.deepEqual(annotated.spec.template.metadata.annotations, podAnnotations);
  assert.equal(annotated.metadata.annotations, undefined);
  const plain = find(workload("web", sampleWorkload()), "Deployment", "shop/web");
  assert.equal("annotations" in plain.spec.template.metadata, false);
});

Deno.test("workload() runs every container as the restricted level wants it", () => {
  const pod = podOf({
    waitFor: { image: "docker.io/library/busybox:1", services: { postgres: 5432 } },
  });
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.runAsUser, 1000);
  assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
  for (const { securityContext } of [...pod.containers, ...pod.initContainers]) {
    assert.deepEqual(securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  }
});

Deno.test("workload() mounts no token, and makes a service account without one", () => {
  const manifests = workload("web", sampleWorkload());
  assert.equal(podOf({}).automountServiceAccountToken, false);
  assert.equal(find(manifests, "ServiceAccount", "shop/web").automountServiceAccountToken, false);
});

Deno.test("workload() makes one volume of a claim, and one of each secret and scratch path", () => {
  const pod = podOf({
    mounts: {
      "/data": { claim: "data" },
      "/backup": { claim: "data", readOnly: true },
      "/tls": { secret: "tls", items: { ca: "ca.crt" } },
      "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
    },
  });
  assert.deepEqual(
    pod.volumes,
    [
      { name: "data", persistentVolumeClaim: { claimName: "data" } },
      {
        name: "tls",
        secret: { secretName: "tls", defaultMode: 0o440, items: [{ key: "ca", path: "ca.crt" }] },
      },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ].toSorted((a, b) => a.name < b.name ? -1 : 1),
  );
  assert.deepEqual(pod.containers[0].volumeMounts, [
    { name: "data", mountPath: "/backup", readOnly: true },
    { name: "data", mountPath: "/data" },
    { name: "tls", mountPath: "/tls", readOnly: true },
    { name: "tmp", mountPath: "/tmp" },
  ]);
});

Deno.test("workload() passes the service and port to wait for as arguments, not as shell text", () => {
  const pod = podOf({
    waitFor: { image: "docker.io/library/busybox:1", services: { postgres: 5432 } },
  });
  const [wait] = pod.initContainers;
  assert.deepEqual(wait.command.slice(3), ["wait", "postgres.shop.svc", "5432"]);
  assert.doesNotMatch(wait.command[2], /postgres|5432/);
});

Deno.test("workload() selects pods by the given labels everywhere", () => {
  const labels = { app: "web" };
  const manifests = workload(
    "web",
    sampleWorkload({
      labels,
      disruptionBudget: { maxUnavailable: 1 },
      spread: { antiAffinity: "preferred" },
    }),
  );
  const { spec } = find(manifests, "Deployment", "shop/web");
  assert.deepEqual(spec.selector.matchLabels, labels);
  assert.deepEqual(spec.template.metadata.labels, labels);
  const [preferred] =
    spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  assert.deepEqual(preferred.podAffinityTerm.labelSelector.matchLabels, labels);
  assert.deepEqual(find(manifests, "Service", "shop/web").spec.selector, labels);
  assert.deepEqual(
    find(manifests, "PodDisruptionBudget", "shop/web").spec.selector.matchLabels,
    labels,
  );
});
