import { z } from "zod";
import { resources, runAs } from "./container.ts";
import { loginSecret, podStorage, workloadBackup } from "./data_parts.ts";
import * as part from "./parts.ts";
import { spread } from "./workload.ts";

/** Source: Amazon S3, "General purpose bucket naming rules". */
const bucketName = part.text(
  /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "a bucket name of 3 to 63 lower-case letters, digits, hyphens and dots",
);

/** Source: Amazon S3, "Using cost allocation S3 bucket tags": characters of a tag's value. */
const purpose = part.text(
  /^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u,
  "a purpose of at most 256 letters, digits, spaces and _ . : / = + - @",
);

const bucket = z.strictObject({
  purpose,
  versioning: z.boolean().default(false),
  objectLock: z.boolean().default(false),
  keepForDays: part.atLeastOne.optional(),
  quota: part.quantity.optional(),
});

/** @ignore */
export const minio = z.strictObject({
  namespace: part.name,
  image: part.image,
  clientImage: part.image.describe("Image with the client mc, which makes the buckets"),
  imagePullSecrets: z.array(part.name).optional(),
  servers: part.atLeastOne.default(1),
  drivesPerServer: part.atLeastOne.default(1),
  parity: part.count.optional().describe("N of EC:N; MinIO's own by default"),
  storage: podStorage.describe("Each drive"),
  resources,
  buckets: z.record(bucketName, bucket).default({}),
  users: part.named(
    z.strictObject({
      secret: loginSecret.describe("Its access key and its secret key"),
      buckets: z.record(bucketName, z.enum(["read", "readwrite"])),
    }),
    "Users for programs, by name, each with rights to some buckets only",
  ),
  secret: loginSecret.describe("The root user"),
  region: part.text(/^[a-z0-9-]+$/, "a region such as us-east-1").default("us-east-1"),
  console: z.boolean().default(false),
  spread: spread.optional(),
  runAs: runAs.default({ user: 1000, group: 1000 }),
  backup: workloadBackup.optional(),
});
