import assert from "node:assert/strict";
import type { AccessMode, Platform } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../sample_platform.ts";
import { mistakesOf, mistakesOfWorkload, sampleCronJob } from "./mistakes.ts";

const disk: Platform["storageClasses"][string] = {
  provisioner: "rancher.io/local-path",
  accessModes: ["ReadWriteOnce"],
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};
const storageClasses = { disk };
const volumes = (mode: AccessMode): Platform["volumes"] => ({
  files: { namespace: "shop", storageClass: "disk", accessModes: [mode], size: "1Gi" },
});
const stateful = {
  kind: "StatefulSet" as const,
  rollout: undefined,
  volumeClaims: { data: { storageClass: "disk", size: "1Gi" } },
};

Deno.test("volume claims must be declared where they are mounted, and mounted where they are declared", () => {
  assert.deepEqual(
    mistakesOfWorkload({ ...stateful, mounts: { "/data": { volumeClaim: "dta" } } }, {
      storageClasses,
    }),
    [
      'workloads.web.mounts["/data"].volumeClaim: no volume claim of this workload is called dta, expected one of data; did you mean data?',
      "workloads.web.volumeClaims.data: no container mounts this claim, expected a mount with volumeClaim: data",
    ],
  );
});

Deno.test("a volume claim needs a storage class that can give what it asks for", () => {
  const mounts = { "/data": { volumeClaim: "data" } };
  assert.deepEqual(mistakesOfWorkload({ ...stateful, mounts }), [
    "workloads.web.volumeClaims.data.storageClass: no storage class is called disk, expected that one is declared",
  ]);
  const volumeClaims = {
    data: { ...stateful.volumeClaims.data, accessModes: ["ReadWriteMany" as const] },
  };
  assert.deepEqual(mistakesOfWorkload({ ...stateful, volumeClaims, mounts }, { storageClasses }), [
    "workloads.web.volumeClaims.data.accessModes: storage class disk cannot give ReadWriteMany, expected ReadWriteOnce, or a class that can",
  ]);
});

Deno.test("mounts of one scratch space say the same of it", () => {
  const space = (sizeLimit: string) => ({ emptyDir: { sizeLimit, name: "exchange" } });
  const sidecars = {
    sync: {
      image: "docker.io/example/sync:1",
      resources: sampleWorkload().resources,
      mounts: { "/in": space("2Gi") },
    },
  };
  assert.deepEqual(mistakesOfWorkload({ mounts: { "/out": space("1Gi") }, sidecars }), [
    'workloads.web.sidecars.sync.mounts["/in"].emptyDir: 2Gi, but another mount of exchange says 1Gi, expected the same',
  ]);
});

Deno.test("a pod is not added before the one that holds the volume is gone", () => {
  const mounts = { "/files": { claim: "files" } };
  const rollout = { maxUnavailable: 0, maxSurge: 1 };
  assert.deepEqual(
    mistakesOfWorkload({ mounts, rollout }, { storageClasses, volumes: volumes("ReadWriteOnce") }),
    [
      "workloads.web.rollout.maxSurge: a newer pod on another node cannot mount files before the older one is gone, expected 0, and maxUnavailable above 0",
    ],
  );
  assert.deepEqual(
    mistakesOfWorkload({ mounts, rollout: undefined }, {
      storageClasses,
      volumes: volumes("ReadWriteOnce"),
    }),
    [],
  );
});

Deno.test("side containers and cron jobs count among those who share a volume", () => {
  const mounts = { "/files": { claim: "files" } };
  const mistakes = mistakesOf({
    storageClasses,
    volumes: volumes("ReadWriteOnce"),
    workloads: { web: sampleWorkload({ mounts }) },
    cronJobs: { report: sampleCronJob({ mounts }) },
  });
  assert.deepEqual(mistakes, [
    "volumes.files.accessModes: ReadWriteOnce, but up to 2 pods of web and report on different nodes share this volume, expected ReadWriteMany and a storage class that can give it",
  ]);
});

Deno.test("a volume that a DaemonSet mounts is shared by all nodes", () => {
  const [mistake] = mistakesOfWorkload(
    { kind: "DaemonSet", rollout: undefined, mounts: { "/files": { claim: "files" } } },
    { storageClasses, volumes: volumes("ReadWriteOnce") },
  );
  assert.match(mistake!, /but up to one pod a node of web on different nodes share this volume/);
});
