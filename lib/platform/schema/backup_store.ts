import { z } from "zod";
import * as part from "./parts.ts";

const bucket = part.text(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "a bucket name of 3 to 63 lower-case letters, digits, hyphens and dots",
);

/** @ignore */
export const backupStore = z.strictObject({
  bucket,
  prefix: part.text(/^[^/\s][^\s]*[^/\s]$/, "a folder such as backups/daily").optional(),
  endpoint: part.origin.optional(),
  region: z.string().min(1).default("us-east-1"),
  secrets: z.record(part.name, part.name),
  offsite: z.boolean().optional(),
  onThisCluster: part.name.optional(),
  keysKeptAt: z.string().min(1).optional(),
  kmsKeyId: z.string().min(1).optional(),
  archive: z.strictObject({
    storageClass: z.enum(["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]),
    afterDays: part.count,
  }).optional(),
});
