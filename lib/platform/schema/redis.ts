import { z } from "zod";
import { resources, runAs } from "./container.ts";
import { exporter, passwordSecret, podStorage, workloadBackup } from "./data_parts.ts";
import * as part from "./parts.ts";
import { tolerations } from "./pod.ts";
import { spread } from "./workload.ts";

const maxmemoryPolicy = z.enum([
  "noeviction",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
]);

/** User and group of the official images. */
const officialUser = { user: 999, group: 1000 };

const sentinel = z.strictObject({
  kind: z.enum(["DaemonSet", "Deployment"]),
  replicas: part.atLeastOne.optional().describe("Of a Deployment; 3 by default"),
  quorum: part.atLeastOne,
  masterName: part.text(/^[\w.-]+$/, "a name such as mymaster").default("mymaster"),
  resources,
  downAfterMs: z.int().min(100).default(5000),
  failoverTimeoutMs: z.int().min(1000).default(10_000),
  nodeSelector: part.labels.optional(),
  tolerations: tolerations.optional(),
});

/** @ignore */
export const redis = z.strictObject({
  namespace: part.name,
  image: part.image,
  imagePullSecrets: z.array(part.name).optional(),
  replicas: part.atLeastOne.default(3),
  storage: podStorage,
  resources,
  maxmemory: part.quantity.optional().describe("By default 3/4 of the memory limit"),
  maxmemoryPolicy: maxmemoryPolicy.default("noeviction"),
  persistence: z.array(z.enum(["aof", "rdb"])).default(["aof", "rdb"]),
  secret: passwordSecret,
  sentinel,
  exporter: exporter.optional(),
  spread: spread.optional(),
  runAs: runAs.default(officialUser),
  backup: workloadBackup.optional(),
});

/** @ignore */
export const valkey = z.strictObject({
  namespace: part.name,
  image: part.image,
  imagePullSecrets: z.array(part.name).optional(),
  replicas: z.literal(1, {
    error: "1: nothing would tell clients which of several is the master; redis has Sentinel",
  }).default(1),
  resources,
  storage: podStorage.optional(),
  maxmemory: part.quantity.optional().describe("By default 3/4 of the memory limit"),
  maxmemoryPolicy: maxmemoryPolicy.default("allkeys-lru"),
  secret: passwordSecret.optional(),
  exporter: exporter.optional(),
  runAs: runAs.default(officialUser),
  backup: workloadBackup.optional(),
});
