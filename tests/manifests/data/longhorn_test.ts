import assert from "node:assert/strict";
import type { LonghornClass } from "../../../lib/platform/types.ts";
import { longhorn } from "../../../manifests/components/data/longhorn.ts";
import { storageClass } from "../../../manifests/components/data/storage.ts";
import { sampleDisk } from "../../platform/sample_data.ts";
import { find } from "../find.ts";
import { assertGolden } from "../golden.ts";

const options: LonghornClass = {
  replicas: 3,
  staleReplicaTimeoutMinutes: 2880,
  fsType: "ext4",
  dataLocality: "disabled",
};

function parametersOf(
  changes: Partial<LonghornClass>,
  parameters?: Record<string, string>,
): Record<string, string> {
  const manifests = storageClass(
    "databases",
    { ...sampleDisk["disk"]!, longhorn: { ...options, ...changes }, parameters },
    "longhorn-system",
  );
  return find(manifests, "StorageClass", "databases").parameters;
}

Deno.test("storageClass() says all of Longhorn's settings as text", () => {
  assert.deepEqual(parametersOf({}), {
    numberOfReplicas: "3",
    staleReplicaTimeout: "2880",
    fsType: "ext4",
    dataLocality: "disabled",
  });
});

Deno.test("storageClass() gives the key of encrypted volumes to each step that needs it", () => {
  const parameters = parametersOf({ encrypted: { secret: "crypto" } });
  assert.equal(parameters["encrypted"], "true");
  for (const step of ["provisioner", "node-publish", "node-stage", "node-expand"]) {
    assert.equal(parameters[`csi.storage.k8s.io/${step}-secret-name`], "crypto");
    assert.equal(parameters[`csi.storage.k8s.io/${step}-secret-namespace`], "longhorn-system");
  }
});

Deno.test("storageClass() puts volumes into groups of recurring jobs, beside other parameters", () => {
  const parameters = parametersOf({ recurringJobGroups: ["databases"] }, { diskSelector: "ssd" });
  assert.deepEqual(JSON.parse(parameters["recurringJobSelector"]!), [
    { name: "databases", isGroup: true },
  ]);
  assert.equal(parameters["diskSelector"], "ssd");
});

Deno.test("longhorn() renders jobs, backup target and default", async () => {
  await assertGolden(
    "longhorn",
    longhorn({
      namespace: "longhorn-system",
      defaultReplicas: 2,
      backupTarget: {
        url: "s3://longhorn-backups@us-east-1/",
        secret: "longhorn-minio",
        pollInterval: "5m0s",
      },
      recurringJobs: {
        hourly: {
          task: "snapshot",
          cron: "0 * * * *",
          retain: 72,
          concurrency: 2,
          groups: ["default", "databases"],
        },
        daily: {
          task: "backup",
          cron: "0 3 * * *",
          retain: 30,
          concurrency: 2,
          groups: ["default"],
          fullBackupEvery: 7,
        },
      },
    }),
  );
});
