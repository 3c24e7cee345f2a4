import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { type KubeObject, type Manifest, refOf, subjectOf } from "../../lib/core/object.ts";
import { isTrue, type Pod } from "../../lib/local/nodes/pod.ts";
import { type LocalCluster, startCluster } from "../../lib/flows/embedded/cluster.ts";
import { findComponents, stopComponents } from "../../lib/local/supervise.ts";
import { withCluster } from "./cluster_fixture.ts";

/** Longest that a simulated node may take for anything here, in milliseconds. */
const patienceMs = 20_000;

interface Workload {
  annotations?: Record<string, string>;
  replicas?: number;
  spec?: Record<string, unknown>;
}

function podSpec(spec: Workload["spec"] = {}): Record<string, unknown> {
  return { containers: [{ name: "app", image: "web:1" }], ...spec };
}

function pod(namespace: string, name: string, { annotations = {}, spec }: Workload = {}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, annotations },
    spec: podSpec(spec),
  };
}

function deployment(
  namespace: string,
  name: string,
  { annotations = {}, replicas = 1, spec }: Workload = {},
): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name }, annotations }, spec: podSpec(spec) },
    },
  };
}

function job(namespace: string, name: string, { annotations = {}, spec }: Workload = {}): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace },
    spec: {
      backoffLimit: 0,
      template: { metadata: { annotations }, spec: { ...podSpec(spec), restartPolicy: "Never" } },
    },
  };
}

function claim(namespace: string, name: string, storageClass: string, mode: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: {
      accessModes: [mode],
      storageClassName: storageClass,
      resources: { requests: { storage: "1Gi" } },
    },
  };
}

/** Whether pods are apart from each other, each on a node of its own. */
function apart(name: string) {
  const term = {
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: { app: name } },
  };
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

const mount = (claimName: string) => [{ name: "data", persistentVolumeClaim: { claimName } }];
const status = (object: KubeObject) => (object["status"] ?? {}) as Record<string, unknown>;
const ready = (subject: Pod) => isTrue(subject.status?.conditions, "Ready");
const available = (count: number) => (object: KubeObject) =>
  status(object)["availableReplicas"] === count;
const waitingFor = (reason: string) => (subject: Pod) =>
  subject.status?.containerStatuses?.some((each) => each.state?.waiting?.reason === reason) ??
    false;
const waitingMessage = (subject: Pod) =>
  subject.status?.containerStatuses?.find((each) => each.state?.waiting)?.state?.waiting?.message;

/** The first object of a kind in a namespace that is as wanted. */
async function until<T extends KubeObject = KubeObject>(
  client: ClusterClient,
  query: { apiVersion: string; kind: string; namespace?: string; name?: string },
  wanted: (object: T) => boolean,
): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs);
  const seen = new Map<string, KubeObject>();
  for await (const event of client.watch<T>(query, { signal })) {
    if (event.type === "synced") continue;
    const { object } = event;
    if (query.name !== undefined && object.metadata.name !== query.name) continue;
    seen.set(object.metadata.name, object);
    if (event.type !== "deleted" && wanted(object)) return object;
  }
  const states = [...seen.values()].map((object) =>
    `${subjectOf(refOf(object))}: ${JSON.stringify(object["status"] ?? object["message"])}`
  );
  assert.fail(`No ${query.kind} became what was wanted:\n${states.join("\n")}`);
}

async function gone(client: ClusterClient, manifest: Manifest): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  const { apiVersion, kind, metadata: { namespace, name } } = manifest;
  const query = { apiVersion, kind, namespace, fieldSelector: `metadata.name=${name}` };
  let there = false;
  for await (const event of client.watch(query, { signal })) {
    if (event.type === "added") there = true;
    if (event.type === "deleted" || (event.type === "synced" && !there)) return;
  }
  assert.fail(`${subjectOf(refOf(manifest))} is still there`);
}

Deno.test("simulated nodes", async (t) => {
  await withCluster("nodes", async ({ client, cluster, context }) => {
    const step = (
      sentence: string,
      work: (inNamespace: {
        namespace: string;
        create: (...manifests: Manifest[]) => Promise<void>;
        pods: { apiVersion: string; kind: string; namespace: string };
        warning: (reason: string) => Promise<string>;
      }) => Promise<void>,
    ) =>
      t.step(sentence, async () => {
        const namespace = `t${crypto.randomUUID().slice(0, 8)}`;
        const create = async (...manifests: Manifest[]) => {
          for (const manifest of manifests) await client.create(manifest);
        };
        await create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        await until(client, {
          apiVersion: "v1",
          kind: "ServiceAccount",
          namespace,
          name: "default",
        }, () => true);
        await work({
          namespace,
          create,
          pods: { apiVersion: "v1", kind: "Pod", namespace },
          async warning(reason) {
            const query = { apiVersion: "v1", kind: "Event", namespace };
            const event = await until(client, query, (each) => each["reason"] === reason);
            assert.equal(event["type"], "Warning");
            return String(event["message"]);
          },
        });
      });

    await client.create({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "longhorn", annotations: { "slipway.dev/simulated-capacity": "10Gi" } },
      provisioner: "driver.longhorn.io",
      allowVolumeExpansion: true,
    });

    await step("a deployment of three pods, apart from each other, rolls out", async (on) => {
      const spec = {
        affinity: apart("web"),
        initContainers: [{ name: "wait", image: "wait:1" }],
        containers: [{ name: "app", image: "web:1", readinessProbe: { httpGet: { port: 80 } } }],
      };
      await on.create(deployment(on.namespace, "web", { replicas: 3, spec }));
      const query = { apiVersion: "apps/v1", kind: "Deployment", namespace: on.namespace };
      await until(client, query, available(3));
      const { items } = await client.list<Pod>(on.pods);
      assert.equal(new Set(items.map((each) => each.spec.nodeName)).size, 3);
      assert.equal(new Set(items.map((each) => each.status?.podIP)).size, 3);
      for (const { status } of items) {
        const [container] = status?.containerStatuses ?? [];
        assert.equal(container?.image, "web:1");
        assert.equal(container?.imageID, "simulated://web:1");
        const [init] = status?.initContainerStatuses ?? [];
        assert.equal((init?.state?.["terminated"] as { exitCode?: number })?.exitCode, 0);
        assert.match(String(status?.["hostIP"]), /^\d+\.\d+\.\d+\.\d+$/);
      }
    });

    await step("a pod becomes ready within about a second", async (on) => {
      const startedAt = performance.now();
      await on.create(pod(on.namespace, "web"));
      await until(client, on.pods, ready);
      const durationMs = performance.now() - startedAt;
      assert.ok(durationMs < 3_000, `ready after ${Math.round(durationMs)} ms`);
    });

    await step("a job completes, and one whose pod fails is failed", async (on) => {
      await on.create(
        job(on.namespace, "good", {
          spec: { initContainers: [{ name: "proxy", image: "proxy:1", restartPolicy: "Always" }] },
        }),
        job(on.namespace, "bad", { annotations: { "slipway.dev/simulate": "crash-loop" } }),
      );
      const query = { apiVersion: "batch/v1", kind: "Job", namespace: on.namespace };
      const condition = (type: string) => (object: KubeObject) =>
        isTrue(status(object)["conditions"] as never, type);
      await until(client, { ...query, name: "good" }, condition("Complete"));
      await until(client, { ...query, name: "bad" }, condition("Failed"));
    });

    await step("a job's pod that is deleted while it runs goes, and the job fails", async (on) => {
      await on.create(
        job(on.namespace, "long", { annotations: { "slipway.dev/simulate": "never-ready" } }),
      );
      const running = await until<Pod>(client, on.pods, (each) => each.status?.phase === "Running");
      await client.delete(refOf(running));
      await gone(client, running);
      const query = { apiVersion: "batch/v1", kind: "Job", namespace: on.namespace };
      await until(client, query, (each) => isTrue(status(each)["conditions"] as never, "Failed"));
    });

    await step("a deleted pod goes, and so does one that still waits", async (on) => {
      const running = pod(on.namespace, "running");
      const waiting = pod(on.namespace, "waiting", {
        annotations: { "slipway.dev/simulate": "pending" },
      });
      await on.create(running, waiting);
      await until<Pod>(client, { ...on.pods, name: "running" }, ready);
      await until(client, { ...on.pods, name: "waiting" }, waitingFor("ContainerCreating"));
      await client.delete(refOf(running));
      await client.delete(refOf(waiting));
      await gone(client, running);
      await gone(client, waiting);
    });

    await step("a crash-looping pod counts its restarts and says why, and recovers", async (on) => {
      await on.create(deployment(on.namespace, "web", {
        annotations: {
          "slipway.dev/simulate": "crash-loop",
          "slipway.dev/simulate-message": "missing DB_URL",
          "slipway.dev/simulate-exit-code": "3",
        },
      }));
      const crashing = await until<Pod>(client, on.pods, waitingFor("CrashLoopBackOff"));
      const [container] = crashing.status?.containerStatuses ?? [];
      assert.equal(container?.restartCount, 1);
      const { terminated } = container?.["lastState"] as {
        terminated: { exitCode: number; message: string };
      };
      assert.deepEqual([terminated.exitCode, terminated.message], [3, "missing DB_URL"]);
      assert.match(await on.warning("BackOff"), /Back-off restarting failed container/);
      await until<Pod>(
        client,
        on.pods,
        (each) => (each.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2,
      );
      await client.patch(refOf(crashing), {
        metadata: { annotations: { "slipway.dev/simulate": null } },
      });
      await until(client, on.pods, ready);
    });

    await step("a pod that is told never to become ready runs, and is not ready", async (on) => {
      const annotations = { "slipway.dev/simulate": "never-ready" };
      await on.create(pod(on.namespace, "web", { annotations }), pod(on.namespace, "other"));
      await until<Pod>(client, { ...on.pods, name: "other" }, ready);
      const never = await until<Pod>(
        client,
        { ...on.pods, name: "web" },
        (each) => each.status?.phase === "Running",
      );
      assert.ok(!ready(never));
    });

    await step("a pod without its Secret starts when the Secret has the key", async (on) => {
      const env = [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }];
      const spec = { containers: [{ name: "app", image: "web:1", env }] };
      const secret = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "db", namespace: on.namespace },
        data: { user: "dg==" },
      };
      await on.create(deployment(on.namespace, "web", { spec }));
      const absent = await until<Pod>(client, on.pods, waitingFor("CreateContainerConfigError"));
      assert.equal(waitingMessage(absent), 'secret "db" not found');
      await on.create(secret);
      await until<Pod>(
        client,
        on.pods,
        (each) => waitingMessage(each) === `couldn't find key url in Secret ${on.namespace}/db`,
      );
      await client.patch(refOf(secret), { data: { url: "dg==" } });
      await until(client, on.pods, ready);
    });

    await step("a pod without the ConfigMap of a volume stays in ContainerCreating", async (on) => {
      const spec = { volumes: [{ name: "etc", configMap: { name: "settings" } }] };
      await on.create(pod(on.namespace, "web", { spec }));
      assert.equal(
        await on.warning("FailedMount"),
        'MountVolume.SetUp failed for volume "etc" : configmap "settings" not found',
      );
      await until<Pod>(client, on.pods, waitingFor("ContainerCreating"));
      const metadata = { name: "settings", namespace: on.namespace };
      await on.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
      await until(client, on.pods, ready);
    });

    await step("a pod without its pull secret cannot pull its image", async (on) => {
      const spec = { imagePullSecrets: [{ name: "registry" }] };
      await on.create(pod(on.namespace, "web", { spec }));
      const waiting = await until<Pod>(client, on.pods, waitingFor("ImagePullBackOff"));
      assert.match(waitingMessage(waiting) ?? "", /pull secret "registry" not found/);
      await on.create({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "registry", namespace: on.namespace },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": '{"auths":{}}' },
      });
      await until(client, on.pods, ready);
    });

    await step("a pod without its service account is not even created", async (on) => {
      await on.create(deployment(on.namespace, "web", { spec: { serviceAccountName: "ghost" } }));
      assert.match(await on.warning("FailedCreate"), /serviceaccount "ghost" not found/);
      await on.create({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "ghost", namespace: on.namespace },
      });
      await until(client, on.pods, ready);
    });

    await step(
      "under a Pod Security label, a pod without a numeric user does not start",
      async (on) => {
        await client.patch({ apiVersion: "v1", kind: "Namespace", name: on.namespace }, {
          metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
        });
        const container = {
          name: "app",
          image: "web:1",
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
          },
        };
        const spec = (runAsUser?: number) => ({
          securityContext: {
            runAsNonRoot: true,
            ...(runAsUser === undefined ? {} : { runAsUser }),
          },
          containers: [container],
        });
        await on.create(
          pod(on.namespace, "nameless", { spec: spec() }),
          pod(on.namespace, "numbered", { spec: spec(1000) }),
        );
        await until<Pod>(client, { ...on.pods, name: "numbered" }, ready);
        const waiting = await until<Pod>(
          client,
          { ...on.pods, name: "nameless" },
          waitingFor("CreateContainerConfigError"),
        );
        assert.match(waitingMessage(waiting) ?? "", /no numeric runAsUser/);
      },
    );

    await step("each pod of a StatefulSet gets a volume on its node", async (on) => {
      const { metadata, spec } = claim(on.namespace, "data", "local-path", "ReadWriteOnce");
      await on.create({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "db", namespace: on.namespace },
        spec: {
          replicas: 2,
          serviceName: "db",
          selector: { matchLabels: { app: "db" } },
          template: { metadata: { labels: { app: "db" } }, spec: podSpec() },
          volumeClaimTemplates: [{ metadata: { name: metadata.name }, spec }],
        },
      });
      const query = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: on.namespace };
      await until(client, query, available(2));
      const claims = await client.list({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: on.namespace,
      });
      assert.deepEqual(claims.items.map((each) => status(each)["phase"]), ["Bound", "Bound"]);
    });

    await step(
      "a StatefulSet starts all its pods at once, each with a volume that nodes share",
      async (on) => {
        const { metadata, spec } = claim(on.namespace, "data", "longhorn", "ReadWriteOnce");
        await on.create({
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "db", namespace: on.namespace },
          spec: {
            replicas: 3,
            serviceName: "db",
            podManagementPolicy: "Parallel",
            selector: { matchLabels: { app: "db" } },
            template: {
              metadata: { labels: { app: "db" } },
              spec: podSpec({
                affinity: apart("db"),
                initContainers: [
                  { name: "setup", image: "db:1" },
                  { name: "exporter", image: "exporter:1", restartPolicy: "Always" },
                ],
              }),
            },
            volumeClaimTemplates: [{ metadata: { name: metadata.name }, spec }],
          },
        });
        const query = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: on.namespace };
        await until(client, query, available(3));
      },
    );

    await step(
      "a DaemonSet runs with host paths on all nodes whose taints it tolerates",
      async (on) => {
        const taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
        const { items: nodes } = await client.list({ apiVersion: "v1", kind: "Node" });
        const controlPlane = refOf(nodes[0]!);
        const daemonSet = (name: string, tolerations: unknown[]): Manifest => ({
          apiVersion: "apps/v1",
          kind: "DaemonSet",
          metadata: { name, namespace: on.namespace },
          spec: {
            selector: { matchLabels: { app: name } },
            template: {
              metadata: { labels: { app: name } },
              spec: podSpec({
                tolerations,
                volumes: [{ name: "logs", hostPath: { path: "/var/log", type: "Directory" } }],
              }),
            },
          },
        });
        const running = (name: string, count: number) =>
          until(
            client,
            { apiVersion: "apps/v1", kind: "DaemonSet", namespace: on.namespace, name },
            (each) =>
              status(each)["desiredNumberScheduled"] === count &&
              status(each)["numberAvailable"] === count,
          );
        await client.patch(controlPlane, { spec: { taints: [taint] } });
        try {
          await on.create(
            daemonSet("picky", []),
            daemonSet("tolerant", [{ ...taint, operator: "Exists" }]),
          );
          await running("picky", nodes.length - 1);
          await running("tolerant", nodes.length);
        } finally {
          await client.patch(controlPlane, { spec: { taints: null } });
        }
      },
    );

    await step("an autoscaler without figures holds the least number of pods", async (on) => {
      const scaled = deployment(on.namespace, "web");
      await on.create(scaled, {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "web", namespace: on.namespace },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
          minReplicas: 3,
          maxReplicas: 10,
          metrics: [{
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
          }],
        },
      });
      await until(client, { ...refOf(scaled) }, available(3));
    });

    await step("local-path does not give ReadWriteMany, and its pod does not start", async (on) => {
      await on.create(
        claim(on.namespace, "shared", "local-path", "ReadWriteMany"),
        pod(on.namespace, "web", { spec: { volumes: mount("shared") } }),
      );
      assert.match(
        await on.warning("ProvisioningFailed"),
        /^StorageClass local-path .* cannot give ReadWriteMany: .*driver\.longhorn\.io/,
      );
      const query = { ...on.pods, name: "web" };
      const waiting = await until<Pod>(client, query, () => true);
      assert.equal(waiting.spec.nodeName, undefined);
      assert.equal(waiting.status?.phase, "Pending");
    });

    await step("a class that can gives ReadWriteMany to pods on three nodes", async (on) => {
      await on.create(
        claim(on.namespace, "shared", "longhorn", "ReadWriteMany"),
        deployment(on.namespace, "web", {
          replicas: 3,
          spec: { affinity: apart("web"), volumes: mount("shared") },
        }),
      );
      const query = { apiVersion: "apps/v1", kind: "Deployment", namespace: on.namespace };
      await until(client, query, available(3));
    });

    await step("a ReadWriteOnce volume is attached to one node at a time", async (on) => {
      await on.create(
        claim(on.namespace, "own", "longhorn", "ReadWriteOnce"),
        deployment(on.namespace, "web", {
          replicas: 2,
          spec: { affinity: apart("web"), volumes: mount("own") },
        }),
      );
      assert.match(
        await on.warning("FailedAttachVolume"),
        /^Multi-Attach error for volume "pvc-.*" Volume is already used by pod\(s\) web-/,
      );
      const holder = await until<Pod>(client, on.pods, ready);
      await client.patch(
        { apiVersion: "apps/v1", kind: "Deployment", namespace: on.namespace, name: "web" },
        { spec: { replicas: 1 } },
      );
      await client.delete(refOf(holder));
      await until<Pod>(
        client,
        on.pods,
        (each) => ready(each) && each.metadata.uid !== holder.metadata.uid,
      );
    });

    await step("a claim larger than its class has left stays pending", async (on) => {
      const big = claim(on.namespace, "big", "longhorn", "ReadWriteOnce");
      big["spec"] = { ...big["spec"] as object, resources: { requests: { storage: "50Gi" } } };
      await on.create(big);
      assert.match(await on.warning("ProvisioningFailed"), /cannot give 50Gi: .* of 10 GiB in all/);
      const found = await client.get(refOf(big));
      assert.equal(found && status(found)["phase"], "Pending");
    });

    await step(
      "a claim grows where its class allows it, and its volume goes with it",
      async (on) => {
        const own = claim(on.namespace, "own", "longhorn", "ReadWriteOnce");
        const claims = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: on.namespace };
        await on.create(own);
        await until(client, claims, (each) => status(each)["phase"] === "Bound");
        await client.patch(refOf(own), { spec: { resources: { requests: { storage: "2Gi" } } } });
        const grown = await until(
          client,
          claims,
          (each) => (status(each)["capacity"] as { storage?: string })?.storage === "2Gi",
        );
        const { volumeName } = grown["spec"] as { volumeName: string };
        const volume = {
          apiVersion: "v1",
          kind: "PersistentVolume",
          metadata: { name: volumeName },
        };
        assert.deepEqual(
          ((await client.get(refOf(volume)))?.["spec"] as { capacity: unknown }).capacity,
          { storage: "2Gi" },
        );
        await client.delete(refOf(own));
        await gone(client, volume);
      },
    );

    await step("a service of type LoadBalancer has the addresses of all nodes", async (on) => {
      const services = { apiVersion: "v1", kind: "Service", namespace: on.namespace };
      await on.create({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web", namespace: on.namespace },
        spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
      });
      const found = await until(
        client,
        services,
        (each) =>
          ((status(each)["loadBalancer"] as { ingress?: unknown[] })?.ingress ?? []).length === 3,
      );
      assert.equal(found.metadata.name, "web");
    });

    await step("a readiness gate holds a pod back until somebody opens it", async (on) => {
      const spec = { readinessGates: [{ conditionType: "example.com/open" }] };
      await on.create(pod(on.namespace, "web", { spec }));
      const held = await until<Pod>(
        client,
        on.pods,
        (each) => isTrue(each.status?.conditions, "ContainersReady"),
      );
      assert.ok(!ready(held));
      const open = { type: "example.com/open", status: "True" };
      const conditions = [...held.status?.conditions ?? [], open];
      await client.patch(refOf(held), { status: { conditions } }, { subresource: "status" });
      await until(client, on.pods, ready);
    });

    await step(
      "the node agent goes on by itself after the API server was restarted",
      async (on) => {
        const spec = { volumes: [{ name: "key", secret: { secretName: "key" } }] };
        await on.create(pod(on.namespace, "web", { spec }));
        await on.warning("FailedMount");
        const pidOf = (of: LocalCluster, name: string) =>
          of.processes.find((each) => each.name === name)?.pid;
        const running = await findComponents(cluster.folder);
        await stopComponents(running.filter((each) => each.name === "kube-apiserver"));
        const after = await startCluster(cluster.name, context);
        assert.notEqual(pidOf(after, "kube-apiserver"), pidOf(cluster, "kube-apiserver"));
        assert.equal(pidOf(after, "node-agent"), pidOf(cluster, "node-agent"));
        const metadata = { name: "key", namespace: on.namespace };
        await on.create({ apiVersion: "v1", kind: "Secret", metadata });
        await until(client, on.pods, ready);
      },
    );

    await t.step("the node agent takes at most 90 MiB after all this", async () => {
      const { processes } = await startCluster(cluster.name, context);
      const agent = processes.find((each) => each.name === "node-agent");
      assert.ok(agent !== undefined && agent.rssBytes <= 90 * 2 ** 20, `${agent?.rssBytes} bytes`);
    });
  });
});
