import type { BackupJob, Backups, BackupStore } from "../../../lib/platform/types.ts";

/** A store that outlives the cluster. */
export function store(changes: Partial<BackupStore> = {}): BackupStore {
  return { bucket: "backups", region: "us-east-1", secrets: { shop: "s3" }, ...changes };
}

/** A backup job. */
export function job(changes: Partial<BackupJob> = {}): BackupJob {
  return {
    namespace: "shop",
    schedule: "0 2 * * *",
    task: "dump",
    deadlineSeconds: 60,
    store: "s3",
    ...changes,
  };
}

/** Backups with one store, s3. */
export function backups(changes: Partial<Backups> = {}): Backups {
  return {
    stores: { s3: store() },
    runAs: { user: 1000, group: 1000 },
    jobs: {},
    uncovered: {},
    objectives: {},
    ...changes,
  };
}
