import { z } from "zod";
import * as part from "./parts.ts";
import { because, resources } from "./container.ts";

/** @ignore */
export const podStorage = z.strictObject({ storageClass: part.name, size: part.quantity });

/** @ignore */
export const loginSecret = z.strictObject({
  name: part.secretName,
  userKey: part.dataKey,
  passwordKey: part.dataKey,
});

/** @ignore */
export const passwordSecret = z.strictObject({ name: part.secretName, passwordKey: part.dataKey });

/** @ignore */
export const exporter = z.strictObject({ image: part.image, resources });

/** @ignore */
export const workloadBackup = z.strictObject({ none: because });

/**
 * Settings of a program by name; numbers and truth values are taken as they are written.
 * @ignore
 */
export const parameters = z.record(
  part.text(/^[a-z][\w.]*$/, "the name of a setting, such as max_connections"),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
).default({});

/** @ignore */
export const walArchive = z.strictObject({
  bucket: part.text(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.-]+)*$/,
    "a bucket such as s3://backups/postgres",
  ),
  endpoint: part.url.optional(),
  region: part.text(/^[a-z0-9-]+$/, "a region such as us-east-1").optional(),
  secret: z.strictObject({
    name: part.secretName,
    accessKeyKey: part.dataKey.default("AWS_ACCESS_KEY_ID"),
    secretKeyKey: part.dataKey.default("AWS_SECRET_ACCESS_KEY"),
  }),
  baseBackupSchedule: part.cron,
  keepForDays: part.atLeastOne,
});
