import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { runNodeAgent } from "../../../lib/local/nodes/agent.ts";
import { isTrue, type Pod, type PodSpec } from "../../../lib/local/nodes/pod.ts";
import { createFakeClient, type FakeClient } from "../../kube/fake_client.ts";

const v1 = "v1";

function node(name: string, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: v1,
    kind: "Node",
    metadata: { name, annotations: { "kwok.x-k8s.io/node": "fake", ...annotations } },
    spec: { podCIDR: "10.42.7.0/24" },
    status: {
      addresses: [{ type: "InternalIP", address: "10.88.0.1" }],
      capacity: { "ephemeral-storage": "100Gi" },
    },
  };
}

function pod(name: string, spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: v1,
    kind: "Pod",
    metadata: { name, namespace: "shop" },
    spec: { nodeName: "node-1", containers: [{ name: "app", image: "web:1" }], ...spec },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "True" }] },
  };
}

function secret(name: string, ...keys: string[]): KubeObject {
  return {
    apiVersion: v1,
    kind: "Secret",
    metadata: { name, namespace: "shop" },
    data: Object.fromEntries(keys.map((key) => [key, "dg=="])),
  };
}

/** Runs the agent on a cluster until `work` is done. */
async function withAgent(
  objects: KubeObject[],
  work: (client: FakeClient, failures: string[]) => Promise<void>,
): Promise<void> {
  const client = createFakeClient(objects);
  const ending = new AbortController();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const failures: string[] = [];
  const running = runNodeAgent({
    client,
    signal: ending.signal,
    now: () => Temporal.Instant.from("2026-11-21T06:00:00Z"),
    ready: resolve,
    failed: (message) => failures.push(message),
  });
  try {
    await ready;
    await work(client, failures);
  } finally {
    ending.abort();
    await running;
  }
}

/** The object, once it is as wanted. */
async function until<T extends KubeObject>(
  client: FakeClient,
  kind: string,
  name: string,
  wanted: (object: T) => boolean,
): Promise<T> {
  const signal = AbortSignal.timeout(5_000);
  for await (const event of client.watch<T>({ apiVersion: v1, kind }, { signal })) {
    if (event.type === "synced" || event.type === "deleted") continue;
    if (event.object.metadata.name.startsWith(name) && wanted(event.object)) return event.object;
  }
  throw new Error(`${kind} ${name} did not become what was wanted`);
}

const released = (subject: Pod) => isTrue(subject.status?.conditions, "PodReadyToStartContainers");
const waitingFor = (reason: string) => (subject: Pod) =>
  subject.status?.containerStatuses?.some((status) => status.state?.waiting?.reason === reason) ??
    false;

Deno.test("a pod that needs nothing is released by one write, with an address of its node's range", async () => {
  await withAgent([node("node-1"), pod("web")], async (client) => {
    const web = await until<Pod>(client, "Pod", "web", released);
    assert.equal(web.status?.podIP, "10.42.7.2");
    assert.deepEqual(client.calls.filter((call) => call.startsWith("patch")), [
      "patch Pod shop/web",
    ]);
  });
});

Deno.test("a pod without its Secret says so, and is released when the Secret comes", async () => {
  const needy = pod("web", {
    containers: [{ name: "app", image: "web:1", envFrom: [{ secretRef: { name: "db" } }] }],
  });
  await withAgent([node("node-1"), needy], async (client) => {
    await until<Pod>(client, "Pod", "web", waitingFor("CreateContainerConfigError"));
    const event = await until(client, "Event", "web", () => true);
    assert.equal(event["message"], 'Error: secret "db" not found');
    client.set(secret("db", "url"));
    await until<Pod>(client, "Pod", "web", released);
  });
});

Deno.test("a pod whose Secret is there before the watch tells of it is not accused of lacking it", async () => {
  const needy = pod("web", {
    containers: [{ name: "app", image: "web:1", envFrom: [{ secretRef: { name: "db" } }] }],
  });
  await withAgent([node("node-1")], async (client, failures) => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { get } = client;
    client.get = (ref) => {
      ask();
      return get(ref);
    };
    client.fail(/^watch Secret/, new Error("connection lost"));
    client.set(secret("db", "url"));
    client.set(needy);
    await asked;
    client.fail(/^watch Secret/, undefined);
    await until<Pod>(client, "Pod", "web", released);
    assert.equal(client.calls.filter((call) => call === "patch Pod shop/web").length, 1);
    assert.match(failures[0] ?? "", /Watching Secret objects ended early/);
  });
});

Deno.test("pods on real nodes are left alone", async () => {
  const real = node("node-2", { "kwok.x-k8s.io/node": "real" });
  const objects = [node("node-1"), real, pod("real", { nodeName: "node-2" }), pod("fake")];
  await withAgent(objects, async (client) => {
    await until<Pod>(client, "Pod", "fake", released);
    assert.ok(!client.calls.includes("patch Pod shop/real"));
  });
});

Deno.test("two pods that come at once to a ReadWriteOnce volume from two nodes do not both start", async () => {
  const claim = {
    apiVersion: v1,
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "shop" },
    spec: { accessModes: ["ReadWriteOnce"], volumeName: "pv-1" },
    status: { phase: "Bound" },
  };
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  const first = pod("first", { volumes });
  const second = pod("second", { volumes, nodeName: "node-2" });
  await withAgent([node("node-1"), node("node-2"), claim, first, second], async (client) => {
    const event = await until(client, "Event", "", () => true);
    assert.equal(event["reason"], "FailedAttachVolume");
    const pods = (await client.list<Pod>({ apiVersion: v1, kind: "Pod" })).items;
    const [holder, ...others] = pods.filter(released);
    assert.ok(holder);
    assert.deepEqual(others, []);
    client.remove({ apiVersion: v1, kind: "Pod", namespace: "shop", name: holder.metadata.name });
    const heir = holder.metadata.name === "first" ? "second" : "first";
    await until<Pod>(client, "Pod", heir, released);
  });
});

Deno.test("a claim gets a volume, and what its class cannot give gets an event", async () => {
  const claimOf = (name: string, mode: string) => ({
    apiVersion: v1,
    kind: "PersistentVolumeClaim",
    metadata: {
      name,
      namespace: "shop",
      annotations: {
        "volume.kubernetes.io/storage-provisioner": "rancher.io/local-path",
        "volume.kubernetes.io/selected-node": "node-1",
      },
    },
    spec: {
      accessModes: [mode],
      storageClassName: "local-path",
      resources: { requests: { storage: "1Gi" } },
    },
    status: { phase: "Pending" },
  });
  const localPath = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "local-path" },
    provisioner: "rancher.io/local-path",
  };
  const objects = [
    node("node-1"),
    localPath,
    claimOf("own", "ReadWriteOnce"),
    claimOf("shared", "ReadWriteMany"),
  ];
  await withAgent(objects, async (client) => {
    const volume = await until(client, "PersistentVolume", "pvc-", () => true);
    const { claimRef } = volume["spec"] as { claimRef: { name: string } };
    assert.equal(claimRef.name, "own");
    const event = await until(client, "Event", "shared", () => true);
    assert.equal(event["reason"], "ProvisioningFailed");
    assert.match(String(event["message"]), /local-path .* cannot give ReadWriteMany/);
  });
});

Deno.test("a claim of an encrypted class is given its volume as soon as the class's key is there", async () => {
  const provisioner = "driver.longhorn.io";
  const encrypted = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "encrypted" },
    provisioner,
    parameters: {
      "csi.storage.k8s.io/provisioner-secret-name": "volume-key",
      "csi.storage.k8s.io/provisioner-secret-namespace": "longhorn-system",
    },
  };
  const claim = {
    apiVersion: v1,
    kind: "PersistentVolumeClaim",
    metadata: {
      name: "data",
      namespace: "shop",
      annotations: { "volume.kubernetes.io/storage-provisioner": provisioner },
    },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "encrypted",
      resources: { requests: { storage: "1Gi" } },
    },
    status: { phase: "Pending" },
  };
  await withAgent([node("node-1"), encrypted, claim], async (client) => {
    const event = await until(client, "Event", "data", () => true);
    assert.match(
      String(event["message"]),
      /secret "volume-key" is not in namespace longhorn-system/,
    );
    client.set({
      apiVersion: v1,
      kind: "Secret",
      metadata: { name: "volume-key", namespace: "longhorn-system" },
      data: {},
    });
    const volume = await until(client, "PersistentVolume", "pvc-", () => true);
    assert.equal((volume["spec"] as { claimRef: { name: string } }).claimRef.name, "data");
  });
});

Deno.test("a volume whose claim is gone is deleted", async () => {
  const volume = {
    apiVersion: v1,
    kind: "PersistentVolume",
    metadata: {
      name: "pvc-1",
      annotations: { "pv.kubernetes.io/provisioned-by": "rancher.io/local-path" },
    },
    spec: { persistentVolumeReclaimPolicy: "Delete", capacity: { storage: "1Gi" } },
    status: { phase: "Bound" },
  };
  await withAgent([node("node-1"), volume], async (client) => {
    client.set({ ...volume, status: { phase: "Released" } });
    const signal = AbortSignal.timeout(5_000);
    const query = { apiVersion: v1, kind: "PersistentVolume" };
    for await (const event of client.watch(query, { signal })) {
      if (event.type === "deleted") break;
      if (event.type === "synced" && !(await client.get({ ...query, name: "pvc-1" }))) break;
    }
    assert.equal(await client.get({ ...query, name: "pvc-1" }), undefined);
  });
});

Deno.test("a service of type LoadBalancer gets the addresses of simulated nodes", async () => {
  const service = {
    apiVersion: v1,
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  };
  await withAgent([node("node-1"), service], async (client) => {
    const found = await until(client, "Service", "web", (object) => "status" in object);
    assert.deepEqual(found["status"], { loadBalancer: { ingress: [{ ip: "10.88.0.1" }] } });
  });
});
