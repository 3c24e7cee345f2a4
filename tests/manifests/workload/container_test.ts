import assert from "node:assert/strict";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find } from "../find.ts";

const { resources } = sampleWorkload();
const because = "the image cannot do without it";

function podOf(changes: Parameters<typeof sampleWorkload>[0]) {
  return find(workload("web", sampleWorkload(changes)), "Deployment", "shop/web").spec.template
    .spec;
}

Deno.test("variables come from texts, Secrets, ConfigMaps and the pod itself, in the order of the file", () => {
  const [container] = podOf({
    env: {
      POD_IP: { field: "status.podIP" },
      ADDRESS: "http://$(POD_IP)",
      PASSWORD: { secret: "db", key: "password" },
      LEVEL: { config: "settings", key: "level" },
    },
    envFromSecrets: ["keys"],
    envFromConfigs: ["settings"],
  }).containers;
  assert.deepEqual(container.env, [
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    { name: "ADDRESS", value: "http://$(POD_IP)" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
    { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
  ]);
  assert.deepEqual(container.envFrom, [
    { secretRef: { name: "keys" } },
    { configMapRef: { name: "settings" } },
  ]);
});

Deno.test("images are pulled when the platform says, or else when the API server thinks", () => {
  const [container] = podOf({ imagePullPolicy: "Always" }).containers;
  assert.equal(container.imagePullPolicy, "Always");
  assert.equal("imagePullPolicy" in podOf({}).containers[0], false);
});

Deno.test("probes ask by HTTP, TCP, gRPC or a program, the first port unless another is named", () => {
  const probesOf = (probes: Parameters<typeof sampleWorkload>[0]) => podOf(probes).containers[0];
  const ports = { http: 8080, grpc: 9090 };
  assert.deepEqual(
    probesOf({ ports, probes: { liveness: { path: "/live", scheme: "HTTPS" } } }).livenessProbe,
    { httpGet: { path: "/live", port: "http", scheme: "HTTPS" } },
  );
  const { startupProbe, livenessProbe, readinessProbe } = probesOf({
    ports,
    probes: {
      startup: { tcp: true, port: "grpc", initialDelaySeconds: 30 },
      liveness: { grpc: true, port: "grpc" },
      readiness: { exec: ["pg_isready"], timeoutSeconds: 5 },
    },
  });
  assert.deepEqual(startupProbe, { tcpSocket: { port: "grpc" }, initialDelaySeconds: 30 });
  assert.deepEqual(livenessProbe, { grpc: { port: 9090 } });
  assert.deepEqual(readinessProbe, { exec: { command: ["pg_isready"] }, timeoutSeconds: 5 });
});

Deno.test("a container has the exceptions that it gives a reason for, and no others", () => {
  const [main, builder] = podOf({
    writableRoot: { because },
    capabilities: { add: ["NET_BIND_SERVICE"], because },
    sidecars: {
      builder: { image: "docker.io/example/dind:1", resources, privileged: { because } },
    },
  }).containers;
  assert.deepEqual(main.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: false,
    capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  });
  assert.deepEqual(builder.securityContext, { privileged: true });
});

Deno.test("root is said to be root, so that Pod Security and the kubelet know", () => {
  const root = podOf({ runAs: { user: 0, group: 0, because } });
  assert.equal(root.securityContext.runAsNonRoot, false);
  const { containers: [, exporter] } = podOf({
    sidecars: {
      exporter: { image: "docker.io/example/exporter:1", resources, runAs: { user: 7, group: 8 } },
    },
  });
  assert.equal(exporter.securityContext.runAsUser, 7);
  assert.equal("runAsNonRoot" in exporter.securityContext, false);
  const { containers: [, rootBeside] } = podOf({
    sidecars: {
      agent: {
        image: "docker.io/example/agent:1",
        resources,
        runAs: { user: 0, group: 0, because },
      },
    },
  });
  assert.equal(rootBeside.securityContext.runAsNonRoot, false);
});

Deno.test("init containers run in the order of the file, after what is waited for", () => {
  const pod = podOf({
    waitFor: { image: "docker.io/library/busybox:1", services: { postgres: 5432 } },
    initContainers: {
      migrate: { image: "ghcr.io/example/web:1.0.0", args: ["migrate"], resources },
      seed: { image: "ghcr.io/example/web:1.0.0", command: ["seed"], resources },
    },
  });
  assert.deepEqual(
    pod.initContainers.map(({ name }: { name: string }) => name),
    ["wait-for-postgres", "migrate", "seed"],
  );
  assert.deepEqual(pod.initContainers[1].args, ["migrate"]);
  assert.deepEqual(pod.initContainers[2].command, ["seed"]);
});

Deno.test("a pod on the node's network still finds Services by their names", () => {
  const pod = podOf({ hostNetwork: { because }, hostPid: { because } });
  assert.equal(pod.hostNetwork, true);
  assert.equal(pod.hostPID, true);
  assert.equal(pod.dnsPolicy, "ClusterFirstWithHostNet");
  const plain = podOf({});
  assert.equal("hostNetwork" in plain || "dnsPolicy" in plain, false);
});

Deno.test("a toleration without a value tolerates every value", () => {
  const pod = podOf({
    tolerations: [{ key: "dedicated", value: "db" }, { effect: "NoExecute" }],
    nodeSelector: { disk: "ssd" },
    priorityClass: "high",
    terminationGracePeriodSeconds: 120,
  });
  assert.deepEqual(pod.tolerations, [
    { key: "dedicated", operator: "Equal", value: "db" },
    { operator: "Exists", effect: "NoExecute" },
  ]);
  assert.deepEqual(pod.nodeSelector, { disk: "ssd" });
  assert.equal(pod.priorityClassName, "high");
  assert.equal(pod.terminationGracePeriodSeconds, 120);
});
