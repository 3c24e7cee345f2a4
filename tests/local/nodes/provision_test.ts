import assert from "node:assert/strict";
import {
  type ClaimVerdict,
  claimVerdict,
  isReclaimable,
} from "../../../lib/local/nodes/provision.ts";
import type {
  AccessMode,
  Claim,
  Node,
  PersistentVolume,
  StorageClass,
} from "../../../lib/local/nodes/storage.ts";

function storageClass(provisioner: string, more: Partial<StorageClass> = {}): StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner,
    allowVolumeExpansion: true,
    ...more,
  };
}

function limited(provisioner: string, capacity: string): StorageClass {
  const annotations = { "slipway.dev/simulated-capacity": capacity };
  return storageClass(provisioner, { metadata: { name: "fast", annotations } });
}

function node(name: string, storage = "100Gi"): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    status: { capacity: { "ephemeral-storage": storage } },
  };
}

function claim(
  { modes = ["ReadWriteOnce"], size = "1Gi", on, by = "rancher.io/local-path" }: {
    modes?: AccessMode[];
    size?: string;
    on?: string;
    by?: string;
  },
): Claim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: "data",
      namespace: "shop",
      uid: "1234",
      annotations: {
        "volume.kubernetes.io/storage-provisioner": by,
        ...(on === undefined ? {} : { "volume.kubernetes.io/selected-node": on }),
      },
    },
    spec: {
      accessModes: modes,
      storageClassName: "fast",
      resources: { requests: { storage: size } },
    },
    status: { phase: "Pending" },
  };
}

function volumeOf(verdict: ClaimVerdict): PersistentVolume {
  assert.equal(verdict.action, "provision");
  return (verdict as { volume: unknown }).volume as PersistentVolume;
}

function decide(
  subject: Claim,
  ofClass: StorageClass,
  { nodes = [node("a"), node("b")], volumes = [] as PersistentVolume[], secrets = [""] } = {},
): ClaimVerdict {
  return claimVerdict(subject, {
    storageClass: (name) => name === ofClass.metadata.name ? ofClass : undefined,
    nodes,
    volumes,
    hasSecret: ({ namespace, name }) => secrets.includes(`${namespace}/${name}`),
  });
}

function refusal(verdict: ClaimVerdict): string {
  assert.equal(verdict.action, "refuse");
  return (verdict as { message: string }).message;
}

Deno.test("local-path gives a ReadWriteOnce claim a volume on the node that the scheduler chose", () => {
  const volume = volumeOf(decide(claim({ on: "b" }), storageClass("rancher.io/local-path")));
  assert.equal(volume.metadata.name, "pvc-1234");
  assert.deepEqual(volume.spec.capacity, { storage: "1Gi" });
  assert.deepEqual(volume.spec.accessModes, ["ReadWriteOnce"]);
  assert.deepEqual(volume.spec.nodeAffinity?.required?.nodeSelectorTerms, [{
    matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["b"] }],
  }]);
  assert.equal(volume.spec.claimRef?.uid, "1234");
  assert.equal(volume.spec.persistentVolumeReclaimPolicy, "Delete");
});

Deno.test("local-path refuses ReadWriteMany, and names classes that have it", () => {
  const verdict = decide(
    claim({ modes: ["ReadWriteMany"], on: "a" }),
    storageClass("rancher.io/local-path"),
  );
  assert.match(
    refusal(verdict),
    /^StorageClass fast \(rancher\.io\/local-path\) cannot give ReadWriteMany: it gives ReadWriteOnce and ReadWriteOncePod; .*driver\.longhorn\.io/,
  );
});

Deno.test("local-path without a chosen node asks for WaitForFirstConsumer", () => {
  assert.match(
    refusal(decide(claim({}), storageClass("rancher.io/local-path"))),
    /WaitForFirstConsumer/,
  );
});

Deno.test("longhorn gives ReadWriteMany to all nodes, and no ReadOnlyMany", () => {
  const longhorn = storageClass("driver.longhorn.io", { reclaimPolicy: "Retain" });
  const by = "driver.longhorn.io";
  const volume = volumeOf(decide(claim({ modes: ["ReadWriteMany"], by }), longhorn));
  assert.equal(volume.spec.nodeAffinity, undefined);
  assert.equal((volume.spec["csi"] as { driver: string }).driver, by);
  assert.equal(volume.spec.persistentVolumeReclaimPolicy, "Retain");
  assert.match(refusal(decide(claim({ modes: ["ReadOnlyMany"], by }), longhorn)), /ReadOnlyMany/);
});

Deno.test("a claim larger than what its class has left stays pending, and says how much is left", () => {
  const by = "driver.longhorn.io";
  const small = limited(by, "20Gi");
  const first = volumeOf(decide(claim({ size: "15Gi", by }), small));
  const second = decide(claim({ size: "6Gi", by }), small, {
    volumes: [{ ...first, metadata: { ...first.metadata, name: "pvc-other" } }],
  });
  assert.match(refusal(second), /cannot give 6Gi: 5 GiB of 20 GiB in all are free/);
  assert.match(refusal(second), /slipway\.dev\/simulated-capacity/);
});

Deno.test("Longhorn's copies of a volume take as much room as the volume, whatever the class", () => {
  const by = "driver.longhorn.io";
  const ofCopies = (copies: string) =>
    storageClass(by, { parameters: { numberOfReplicas: copies } });
  const nodes = [node("a"), node("b"), node("c")];
  assert.match(
    refusal(decide(claim({ size: "101Gi", by }), ofCopies("3"), { nodes })),
    /cannot give 101Gi: 100 GiB of 100 GiB in all, with 3 copies of each volume, are free/,
  );
  const first = volumeOf(decide(claim({ size: "100Gi", by }), ofCopies("2"), { nodes }));
  const other = {
    ...first,
    metadata: { ...first.metadata, name: "pvc-other" },
    spec: { ...first.spec, storageClassName: "of-two-copies" },
  };
  const volumes = [other];
  volumeOf(decide(claim({ size: "33Gi", by }), ofCopies("3"), { nodes, volumes }));
  assert.match(
    refusal(decide(claim({ size: "34Gi", by }), ofCopies("3"), { nodes, volumes })),
    /33 GiB of 100 GiB/,
  );
});

Deno.test("an encrypted class gives nothing before its key is there, and its volumes name the key", () => {
  const by = "driver.longhorn.io";
  const place = (user: string, name: string) => ({
    [`csi.storage.k8s.io/${user}-secret-name`]: name,
    [`csi.storage.k8s.io/${user}-secret-namespace`]: "longhorn-system",
  });
  const encrypted = storageClass(by, {
    parameters: {
      encrypted: "true",
      ...place("provisioner", "key"),
      ...place("node-stage", "key"),
      ...place("node-publish", "${pvc.namespace}-${pvc.name}"),
    },
  });
  assert.match(
    refusal(decide(claim({ by }), encrypted)),
    /cannot give a volume: its secret "key" is not in namespace longhorn-system$/,
  );
  const secrets = ["longhorn-system/key"];
  const { spec } = volumeOf(decide(claim({ by }), encrypted, { secrets }));
  assert.deepEqual(spec["csi"], {
    driver: by,
    volumeHandle: "pvc-1234",
    fsType: "ext4",
    volumeAttributes: { encrypted: "true" },
    nodeStageSecretRef: { namespace: "longhorn-system", name: "key" },
    nodePublishSecretRef: { namespace: "longhorn-system", name: "shop-data" },
  });
});

Deno.test("a class whose capacity cannot be read gives nothing, and shows what it has", () => {
  const by = "driver.longhorn.io";
  assert.match(
    refusal(decide(claim({ by }), limited(by, "plenty"))),
    /0 B of 0 B in all are free; .*simulated-capacity, which is plenty$/,
  );
});

Deno.test("a node gives local volumes up to the size of its own disk", () => {
  const localPath = storageClass("rancher.io/local-path");
  const nodes = [node("a", "10Gi"), node("b", "100Gi")];
  assert.match(
    refusal(decide(claim({ size: "11Gi", on: "a" }), localPath, { nodes })),
    /on node a/,
  );
  volumeOf(decide(claim({ size: "11Gi", on: "b" }), localPath, { nodes }));
  const onB = volumeOf(decide(claim({ size: "95Gi", on: "b" }), localPath, { nodes }));
  const volumes = [{ ...onB, metadata: { ...onB.metadata, name: "pvc-other" } }];
  volumeOf(decide(claim({ size: "10Gi", on: "a" }), localPath, { nodes, volumes }));
});

Deno.test("a provisioner that nothing simulates is named, with those that are", () => {
  const message = refusal(decide(claim({ by: "x.example.com" }), storageClass("x.example.com")));
  assert.match(message, /\(x\.example\.com\) cannot give a volume: no provisioner of that name/);
  assert.match(message, /rancher\.io\/local-path/);
});

Deno.test("a claim by selector is refused", () => {
  const subject = claim({ on: "a" });
  subject.spec.selector = { matchLabels: { a: "b" } };
  assert.match(refusal(decide(subject, storageClass("rancher.io/local-path"))), /spec\.selector/);
});

Deno.test("a claim waits until the controller manager asks for a volume", () => {
  const subject = claim({ on: "a" });
  delete subject.metadata.annotations?.["volume.kubernetes.io/storage-provisioner"];
  assert.deepEqual(decide(subject, storageClass("rancher.io/local-path")), { action: "none" });
});

Deno.test("a claim whose volume exists already gets no second one", () => {
  const localPath = storageClass("rancher.io/local-path");
  const volume = volumeOf(decide(claim({ on: "a" }), localPath));
  assert.deepEqual(decide(claim({ on: "a" }), localPath, { volumes: [volume] }), {
    action: "none",
  });
});

function bound(by: string, size: string): { subject: Claim; volume: PersistentVolume } {
  const volume = volumeOf(decide(claim({ by, on: "a" }), storageClass(by)));
  const subject = claim({ by, size, on: "a" });
  subject.spec.volumeName = volume.metadata.name;
  subject.status = { phase: "Bound", capacity: { storage: "1Gi" } };
  return { subject, volume };
}

Deno.test("a bound claim that asks for more is expanded where class and provisioner can", () => {
  const by = "driver.longhorn.io";
  const { subject, volume } = bound(by, "5Gi");
  assert.deepEqual(decide(subject, storageClass(by), { volumes: [volume] }), {
    action: "expand",
    volume,
    size: "5Gi",
  });
});

Deno.test("a bound claim is not expanded where the provisioner or the class cannot", () => {
  const local = bound("rancher.io/local-path", "5Gi");
  const verdict = decide(local.subject, storageClass("rancher.io/local-path"), {
    volumes: [local.volume],
  });
  assert.match(refusal(verdict), /cannot make a volume of 1Gi bigger: claim a new one of 5Gi/);

  const { subject, volume } = bound("driver.longhorn.io", "5Gi");
  const fixed = storageClass("driver.longhorn.io", { allowVolumeExpansion: false });
  assert.match(refusal(decide(subject, fixed, { volumes: [volume] })), /cannot make/);
});

Deno.test("a volume grows into what its class has left, and no further", () => {
  const by = "driver.longhorn.io";
  const fits = bound(by, "20Gi");
  const small = limited(by, "20Gi");
  assert.equal(decide(fits.subject, small, { volumes: [fits.volume] }).action, "expand");
  const beyond = bound(by, "21Gi");
  assert.match(
    refusal(decide(beyond.subject, small, { volumes: [beyond.volume] })),
    /cannot give 21Gi: 20 GiB of 20 GiB/,
  );
});

Deno.test("a released volume is reclaimed only under the policy Delete and by its own provisioner", () => {
  const volume = volumeOf(decide(claim({ on: "a" }), storageClass("rancher.io/local-path")));
  const released = { ...volume, status: { phase: "Released" } };
  assert.ok(isReclaimable(released));
  assert.ok(!isReclaimable({ ...volume, status: { phase: "Bound" } }));
  const retained = { ...released.spec, persistentVolumeReclaimPolicy: "Retain" };
  assert.ok(!isReclaimable({ ...released, spec: retained }));
  assert.ok(!isReclaimable({ ...released, metadata: { name: "by-hand" } }));
});
