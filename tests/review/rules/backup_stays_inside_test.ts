import assert from "node:assert/strict";
import { backupStaysInside } from "../../../lib/review/rules/backup_stays_inside.ts";
import type { BackupStore } from "../../../lib/platform/types.ts";
import { claim, complaints } from "../sample_objects.ts";
import { sampleBackups, sampleJob, sampleStore } from "../../platform/sample_backups.ts";

Deno.test("one backup of each volume leaves the cluster", () => {
  const volumes = {
    data: {
      namespace: "shop",
      storageClass: "a",
      accessModes: ["ReadWriteOnce" as const],
      size: "1Gi",
    },
  };
  const told = (stores: Record<string, BackupStore>, ...names: string[]) =>
    complaints(backupStaysInside, [claim("data")], {
      volumes,
      backups: sampleBackups({
        stores,
        jobs: Object.fromEntries(
          names.map((name) => [`to-${name}`, sampleJob({ store: name, covers: ["volumes/data"] })]),
        ),
      }),
    });
  const stores = { minio: sampleStore(), s3: sampleStore({ onThisCluster: undefined }) };
  assert.deepEqual(told(stores, "minio"), [
    "PersistentVolumeClaim shop/data: all backups of it stay on this cluster: backups.jobs.to-minio",
  ]);
  assert.deepEqual(told(stores, "minio", "s3"), []);
  // What nothing covers is another rule's business.
  assert.deepEqual(told(stores), []);
});
