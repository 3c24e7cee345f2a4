import { z } from "zod";
import * as part from "./parts.ts";
import { resources, runAs } from "./workload.ts";

/** @ignore */
export const secretStore = z.strictObject({
  namespace: part.name,
  server: part.url,
  path: z.string().min(1),
  version: z.enum(["v1", "v2"]),
  authMountPath: z.string().min(1),
  role: z.string().min(1),
  serviceAccount: part.name,
});

/** @ignore */
export const externalSecret = z.strictObject({
  namespace: part.name,
  store: part.name,
  from: part.text(/^[^/\s][^\s]*$/, "a path without a leading slash, such as shared/redis"),
  refreshInterval: part.duration,
  keys: z.array(part.dataKey).min(1).optional(),
  pullSecret: z.strictObject({
    registry: part.text(/^[a-z0-9.-]+(:\d+)?$/, "a host name such as ghcr.io"),
    usernameKey: part.dataKey,
    passwordKey: part.dataKey,
  }).optional(),
}).superRefine(part.exactlyOneOf("keys", "pullSecret"));

/** @ignore */
export const externalService = z.strictObject({
  namespace: part.name,
  addresses: z.array(part.ipAddress).min(1).optional(),
  dnsName: part.host.optional(),
  ports: part.ports,
  peer: part.name.optional(),
}).superRefine(part.exactlyOneOf("addresses", "dnsName"));

/** @ignore */
export const storageClass = z.strictObject({
  existing: z.boolean().optional(),
  provisioner: z.string().min(1),
  accessModes: z.array(part.accessMode).min(1),
  parameters: z.record(z.string(), z.string()).optional(),
  reclaimPolicy: z.enum(["Retain", "Delete"]),
  volumeBindingMode: z.enum(["Immediate", "WaitForFirstConsumer"]),
});

/** @ignore */
export const volume = z.strictObject({
  namespace: part.name,
  storageClass: part.name,
  accessModes: z.array(part.accessMode).min(1),
  size: part.quantity,
});

/** @ignore */
export const vault = z.strictObject({
  namespace: part.name,
  image: part.image,
  replicas: part.atLeastOne,
  resources,
  storage: z.strictObject({ storageClass: part.name, size: part.quantity }),
  runAs,
});

/** @ignore */
export const backups = z.strictObject({
  image: part.image,
  suspendedBecause: z.string().min(1).optional(),
  resources,
  runAs,
  jobs: z.record(
    part.name,
    z.strictObject({
      namespace: part.name,
      schedule: part.cron,
      task: z.string().min(1),
      deadlineSeconds: part.atLeastOne,
      envFromSecrets: z.array(part.name).optional(),
    }),
  ),
});

/** @ignore */
export const application = z.strictObject({
  namespace: part.name,
  project: part.name,
  repository: part.url,
  path: z.string().min(1),
  revision: z.string().min(1),
  destination: part.name,
  autoSync: z.boolean(),
  prune: z.boolean(),
  selfHeal: z.boolean(),
});
