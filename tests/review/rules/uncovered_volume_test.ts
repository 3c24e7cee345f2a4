import assert from "node:assert/strict";
import { uncoveredVolume } from "../../../lib/review/rules/uncovered_volume.ts";
import type { Backups, Platform } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { claim, complaints, object } from "../sample_objects.ts";
import { sampleBackups, sampleJob } from "../../platform/sample_backups.ts";

const volumes = {
  data: {
    namespace: "shop",
    storageClass: "local-path",
    accessModes: ["ReadWriteOnce" as const],
    size: "1Gi",
  },
};

function told(changes: Partial<Backups>, more: Partial<Platform> = {}): string[] {
  return complaints(uncoveredVolume, [claim("data")], {
    volumes,
    backups: sampleBackups(changes),
    ...more,
  });
}

Deno.test("a claim that nothing covers is told", () => {
  assert.deepEqual(told({}), ["PersistentVolumeClaim shop/data: no backup covers it of 1Gi"]);
});

Deno.test("a job, a schedule or a reason covers a claim", () => {
  assert.deepEqual(told({ jobs: { dump: sampleJob({ covers: ["volumes/data"] }) } }), []);
  assert.deepEqual(told({ uncovered: { "volumes/data": "a cache" } }), []);
  const velero = (namespaces: string[], exceptNamespaces: string[] = []) => ({
    velero: {
      namespace: "velero",
      locations: ["s3"],
      snapshotLocations: {},
      schedules: { all: { namespaces, exceptNamespaces, volumes: "move" as const, tiers: {} } },
    },
  });
  assert.deepEqual(told(velero(["*"])), []);
  assert.deepEqual(told(velero(["shop"])), []);
  assert.equal(told(velero(["other"])).length, 1);
  assert.equal(told(velero(["*"], ["shop"])).length, 1);
});

Deno.test("volumes of StatefulSets and of operators count, each by its name", () => {
  const set = object("StatefulSet", "db", {
    template: { spec: { containers: [] } },
    volumeClaimTemplates: ["data", "wal"].map((name) => ({
      metadata: { name },
      spec: { resources: { requests: { storage: "5Gi" } } },
    })),
  });
  const cluster = object("Cluster", "pg", { storage: { size: "20Gi" } }, {
    apiVersion: "postgresql.cnpg.io/v1",
  });
  const workloads = { db: sampleWorkload({ kind: "StatefulSet" }) };
  assert.deepEqual(
    complaints(uncoveredVolume, [set, cluster], {
      workloads,
      backups: sampleBackups({ jobs: { dump: sampleJob({ covers: ["workloads/db/data"] }) } }),
    }),
    [
      "StatefulSet shop/db: no backup covers its volume wal of 5Gi",
      "Cluster shop/pg: no backup covers its volume data of 20Gi",
    ],
  );
  const meant = { db: { ...workloads.db, backup: { none: { because: "rebuilt from Git" } } } };
  assert.deepEqual(complaints(uncoveredVolume, [set], { workloads: meant }), []);
});
