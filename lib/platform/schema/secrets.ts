import { z } from "zod";
import * as part from "./parts.ts";
import { resources, runAs } from "./workload.ts";

const secretStore = z.strictObject({
  namespace: part.name,
  server: part.url,
  path: z.string().min(1),
  version: z.enum(["v1", "v2"]),
  authMountPath: z.string().min(1),
  role: z.string().min(1),
  serviceAccount: part.name,
});

const externalSecret = z.strictObject({
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

const vault = z.strictObject({
  namespace: part.name,
  image: part.image,
  replicas: part.atLeastOne,
  resources,
  storage: z.strictObject({ storageClass: part.name, size: part.quantity }),
  runAs,
});

/** @ignore */
export const secretSections = {
  vaults: part.named(vault, "HashiCorp Vaults with Raft storage, by name"),
  secretStores: part.named(secretStore, "Where secrets come from, by name"),
  externalSecrets: part.named(externalSecret, "Secrets kept like their source, by name"),
};
