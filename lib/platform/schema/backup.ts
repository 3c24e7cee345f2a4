import { z } from "zod";
import { job, notices, subject } from "./backup_job.ts";
import { backupStore } from "./backup_store.ts";
import * as part from "./parts.ts";
import { velero } from "./velero.ts";
import { resources, runAs } from "./workload.ts";

const objective = z.strictObject({
  recoveryTime: part.duration.optional(),
  recoveryPoint: part.duration.optional(),
  by: z.string().min(1).optional(),
});

const backups = z.strictObject({
  stores: part.named(backupStore, "Where backups are kept, by name"),
  image: part.image.optional(),
  suspendedBecause: z.string().min(1).optional(),
  resources: resources.optional(),
  runAs: runAs.default({ user: 65532, group: 65532 }),
  holders: part.holders.optional(),
  unencrypted: z.string().min(1).optional(),
  notify: notices.optional(),
  jobs: part.named(job, "Backup tasks, and when they run, by name"),
  velero: velero.optional().describe("Backups of objects and volumes by Velero"),
  uncovered: z.record(subject, z.string().min(1)).default({})
    .describe("What needs no backup, with the reason"),
  objectives: part.named(objective, "How soon and with what loss the platform must be back"),
});

/** @ignore */
export const backupSections = {
  backups: backups.optional().describe("What is backed up, where to, and for how long"),
};
