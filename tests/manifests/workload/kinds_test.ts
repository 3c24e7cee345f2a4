import assert from "node:assert/strict";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

const claim = { storageClass: "longhorn", size: "20Gi" };

function statefulSet(changes: Parameters<typeof sampleWorkload>[0] = {}) {
  return workload(
    "db",
    sampleWorkload({
      kind: "StatefulSet",
      rollout: undefined,
      volumeClaims: { data: claim },
      mounts: { "/data": { volumeClaim: "data" } },
      ...changes,
    }),
  );
}

Deno.test("a StatefulSet's pods each have a claim of their own, which is no volume of the template", () => {
  const { spec } = find(statefulSet({ replicas: 3 }), "StatefulSet", "shop/db");
  assert.equal(spec.replicas, 3);
  assert.deepEqual(spec.volumeClaimTemplates, [{
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: {
      storageClassName: "longhorn",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "20Gi" } },
    },
  }]);
  assert.equal("volumes" in spec.template.spec, false);
  assert.deepEqual(spec.template.spec.containers[0].volumeMounts, [
    { name: "data", mountPath: "/data" },
  ]);
});

Deno.test("a StatefulSet without a headless Service gets one, and uses one that it declares", () => {
  const made = statefulSet();
  assert.equal(find(made, "StatefulSet", "shop/db").spec.serviceName, "db-headless");
  const { spec } = find(made, "Service", "shop/db-headless");
  assert.equal(spec.clusterIP, "None");
  assert.equal(spec.publishNotReadyAddresses, true);
  assert.deepEqual(spec.ports, [
    { name: "http", port: 8080, targetPort: "http", protocol: "TCP" },
  ]);
  const declared = statefulSet({
    services: { peers: { headless: true, ports: { http: 8080 } }, web: { ports: { http: 80 } } },
  });
  assert.equal(find(declared, "StatefulSet", "shop/db").spec.serviceName, "peers");
  assert.deepEqual(namesOf(declared, "Service"), ["shop/peers", "shop/web"]);
});

Deno.test("a DaemonSet has no number of pods, and replaces one node's at a time", () => {
  const manifests = workload("agent", sampleWorkload({ kind: "DaemonSet", rollout: undefined }));
  const { spec } = find(manifests, "DaemonSet", "shop/agent");
  assert.equal("replicas" in spec, false);
  assert.deepEqual(spec.updateStrategy, {
    type: "RollingUpdate",
    rollingUpdate: { maxUnavailable: 1 },
  });
});

Deno.test("the autoscaler of a StatefulSet scales a StatefulSet, by each aim that is given", () => {
  const autoscaling = { minReplicas: 1, maxReplicas: 3, memoryUtilizationPercent: 75 };
  const { spec } = find(statefulSet({ autoscaling }), "HorizontalPodAutoscaler", "shop/db");
  assert.equal(spec.scaleTargetRef.kind, "StatefulSet");
  assert.deepEqual(spec.metrics, [{
    type: "Resource",
    resource: { name: "memory", target: { type: "Utilization", averageUtilization: 75 } },
  }]);
});

Deno.test("a Deployment adds a pod before it takes one away, unless its pods share a volume", () => {
  const strategyOf = (changes: Parameters<typeof sampleWorkload>[0]) =>
    find(workload("web", sampleWorkload(changes)), "Deployment", "shop/web").spec.strategy
      .rollingUpdate;
  assert.deepEqual(strategyOf({ rollout: undefined }), { maxUnavailable: 0, maxSurge: 1 });
  assert.deepEqual(strategyOf({ rollout: undefined, mounts: { "/data": { claim: "data" } } }), {
    maxUnavailable: 1,
    maxSurge: 0,
  });
  assert.deepEqual(strategyOf({ rollout: { maxUnavailable: 2 } }), {
    maxUnavailable: 2,
    maxSurge: 0,
  });
});

Deno.test("a workload that says nothing of itself runs as nobody, under a service account of its own name", () => {
  const manifests = workload(
    "web",
    sampleWorkload({ runAs: undefined, serviceAccount: undefined, ports: {}, services: {} }),
  );
  const pod = find(manifests, "Deployment", "shop/web").spec.template.spec;
  assert.equal(pod.serviceAccountName, "web");
  assert.equal(pod.securityContext.runAsUser, 65532);
  assert.equal("ports" in pod.containers[0], false);
  assert.deepEqual(namesOf(manifests, "ServiceAccount"), ["shop/web"]);
});

Deno.test("a topology spread keeps pods of a workload apart by zone", () => {
  const spread = {
    topology: { key: "zone" as const, whenUnsatisfiable: "DoNotSchedule" as const },
  };
  const pod = find(workload("web", sampleWorkload({ spread })), "Deployment", "shop/web").spec
    .template.spec;
  assert.deepEqual(pod.topologySpreadConstraints, [{
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { "app.kubernetes.io/name": "web" } },
  }]);
  assert.equal("affinity" in pod, false);
});

Deno.test("only the Service with the metrics carries the labels by which Prometheus finds it", () => {
  const manifests = workload(
    "web",
    sampleWorkload({
      ports: { http: 8080, metrics: 9090 },
      services: { web: { ports: { http: 80 } }, figures: { ports: { metrics: 9090 } } },
      metrics: { port: "metrics" },
    }),
  );
  assert.equal(find(manifests, "Service", "shop/web").metadata.labels, undefined);
  assert.deepEqual(find(manifests, "Service", "shop/figures").metadata.labels, {
    "app.kubernetes.io/name": "web",
  });
});

Deno.test("a Service leads to UDP ports by UDP, to a sidecar's ports, and keeps clients' addresses when asked", () => {
  const manifests = workload(
    "dns",
    sampleWorkload({
      ports: { dns: { port: 5353, protocol: "UDP" } },
      sidecars: {
        exporter: {
          image: "docker.io/example/exporter:1",
          ports: { metrics: 9153 },
          resources: sampleWorkload().resources,
        },
      },
      services: {
        dns: {
          ports: { dns: 53, metrics: 9153 },
          type: "LoadBalancer",
          externalTrafficPolicy: "Local",
          annotations: { "example.org/pool": "public" },
        },
      },
      probes: undefined,
    }),
  );
  const service = find(manifests, "Service", "shop/dns");
  assert.equal(service.spec.type, "LoadBalancer");
  assert.equal(service.spec.externalTrafficPolicy, "Local");
  assert.deepEqual(service.metadata.annotations, { "example.org/pool": "public" });
  assert.deepEqual(
    service.spec.ports.map(({ name, protocol }: { name: string; protocol: string }) => [
      name,
      protocol,
    ]),
    [["dns", "UDP"], ["metrics", "TCP"]],
  );
});
