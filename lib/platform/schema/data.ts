import { z } from "zod";
import { longhorn, longhornClass } from "./longhorn.ts";
import { minio } from "./minio.ts";
import { mongodb } from "./mongodb.ts";
import * as part from "./parts.ts";
import { postgres } from "./postgres.ts";
import { redis, valkey } from "./redis.ts";

const storageClass = z.strictObject({
  existing: z.boolean().optional(),
  provisioner: z.string().min(1).default("driver.longhorn.io"),
  accessModes: z.array(part.accessMode).min(1).default(["ReadWriteOnce"]),
  parameters: z.record(z.string(), z.string()).optional(),
  longhorn: longhornClass.optional(),
  reclaimPolicy: z.enum(["Retain", "Delete"]).default("Retain"),
  volumeBindingMode: z.enum(["Immediate", "WaitForFirstConsumer"]).default("Immediate"),
});

const volume = z.strictObject({
  namespace: part.name,
  storageClass: part.name,
  accessModes: z.array(part.accessMode).min(1),
  size: part.quantity,
});

/** @ignore */
export const dataSections = {
  storageClasses: part.named(storageClass, "Classes of volumes, by name"),
  volumes: part.named(volume, "Persistent volume claims, by name"),
  longhorn: longhorn.optional().describe("Settings of Longhorn"),
  postgres: part.named(postgres, "Postgres servers and clusters, by name"),
  mongodb: part.named(mongodb, "MongoDB replica sets, by name"),
  redis: part.named(redis, "Redis servers under Sentinel, by name"),
  valkey: part.named(valkey, "Valkey servers, by name"),
  minio: part.named(minio, "MinIO object stores, by name"),
};
