import { z } from "zod";
import { backupStore } from "./backup_store.ts";
import * as part from "./parts.ts";
import { velero } from "./velero.ts";
import { resources, runAs } from "./workload.ts";

const amount = part.atLeastOne.optional();

const retention = z.strictObject({
  hours: amount,
  days: amount,
  hourly: amount,
  daily: amount,
  weekly: amount,
  monthly: amount,
}).superRefine(({ hours, days, ...tiers }, context) => {
  const ages = [hours, days].filter((age) => age !== undefined).length;
  const tiered = Object.values(tiers).some((count) => count !== undefined);
  if (ages + (tiered ? 1 : 0) === 1) return;
  context.addIssue({
    code: "custom",
    message: "expected exactly one of hours, days, and some of hourly, daily, weekly and monthly",
  });
});

/** Section and name of a thing of the platform, and one of its claims. */
const subject = part.text(
  /^[a-z][A-Za-z0-9]*(\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,2}$/,
  "section and name, such as mongodb/main",
);

const job = z.strictObject({
  namespace: part.name,
  schedule: part.cron,
  task: z.string().min(1),
  deadlineSeconds: part.atLeastOne,
  envFromSecrets: z.array(part.name).optional(),
  clientCertificate: part.name.optional(),
  store: part.name.optional(),
  keep: retention.optional(),
  covers: z.array(subject).min(1).optional(),
});

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
  jobs: part.named(job, "CronJobs that run backup tasks, by name"),
  velero: velero.optional().describe("Backups of objects and volumes by Velero"),
  uncovered: z.record(subject, z.string().min(1)).default({})
    .describe("What needs no backup, with the reason"),
  objectives: part.named(objective, "How soon and with what loss the platform must be back"),
});

/** @ignore */
export const backupSections = {
  backups: backups.optional().describe("What is backed up, where to, and for how long"),
};
