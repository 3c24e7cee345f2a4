import { z } from "zod";
import * as part from "./parts.ts";

/** @ignore */
export const longhornClass = z.strictObject({
  // Source: Longhorn, settings reference, "Default Replica Count": 1 to 20.
  replicas: z.int().min(1).max(20),
  staleReplicaTimeoutMinutes: part.count.default(2880),
  fsType: z.enum(["ext4", "xfs"]).default("ext4"),
  dataLocality: z.enum(["disabled", "best-effort", "strict-local"]).default("disabled"),
  encrypted: z.strictObject({ secret: part.secretName }).optional(),
  recurringJobGroups: z.array(part.name).min(1).optional(),
});

const recurringJob = z.strictObject({
  task: z.enum(["snapshot", "snapshot-cleanup", "snapshot-delete", "backup", "filesystem-trim"]),
  cron: part.cron,
  // Source: Longhorn, settings reference, "Recurring Job Max Retention": 250 by default.
  retain: z.int().min(0).max(250),
  concurrency: part.atLeastOne.default(2),
  groups: z.array(part.name).default(["default"]),
  fullBackupEvery: part.count.optional(),
});

/** @ignore */
export const longhorn = z.strictObject({
  namespace: part.name.default("longhorn-system"),
  defaultReplicas: z.int().min(1).max(20).optional(),
  backupTarget: z.strictObject({
    url: part.text(
      /^(s3:\/\/[^\s@/]+@[^\s@/]+\/|(nfs|cifs|azblob):\/\/\S+)\S*$/,
      "a backup target such as s3://longhorn-backups@us-east-1/",
    ),
    secret: part.secretName,
    pollInterval: part.duration.default("5m0s"),
  }).optional(),
  recurringJobs: z.record(
    // Source: Longhorn, "Recurring Snapshots and Backups": at most 40 characters.
    part.text(
      /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/,
      "a name of at most 40 lower-case letters, digits and hyphens",
    ),
    recurringJob,
  ).default({}),
});
