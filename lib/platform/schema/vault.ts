import { z } from "zod";
import * as part from "./parts.ts";
import { vaultConfiguration } from "./vault_configuration.ts";
import { resources, runAs } from "./workload.ts";

const secretKey = z.strictObject({ secret: part.name, key: part.dataKey });

const initialize = z.strictObject({
  shares: part.atLeastOne.max(255).optional(),
  threshold: part.atLeastOne.max(255).optional(),
  holders: z.record(
    z.string().min(1),
    part.text(/^age1[a-z0-9]+$/, "an age recipient such as age1…"),
  ).optional(),
  secret: z.strictObject({ name: part.name, because: z.string().min(1) }).optional(),
  development: z.boolean().optional(),
}).superRefine(part.exactlyOneOf("holders", "secret"));

/** @ignore */
export const vault = z.strictObject({
  namespace: part.name,
  image: part.image,
  replicas: part.atLeastOne,
  resources,
  storage: z.strictObject({ storageClass: part.name, size: part.quantity }).optional(),
  development: z.strictObject({ rootToken: secretKey, because: z.string().min(1) }).optional(),
  outside: z.strictObject({ address: part.origin, caCert: z.string().min(1).optional() })
    .optional(),
  seal: z.strictObject({
    vault: part.name,
    mountPath: z.string().min(1).default("transit"),
    key: z.string().min(1),
    token: secretKey,
    role: z.string().min(1).default("unseal"),
  }).optional(),
  runAs,
  tls: z.strictObject({ secret: part.name }).optional(),
  initialize: initialize.optional(),
  configuration: vaultConfiguration.optional(),
}).superRefine(part.exactlyOneOf("storage", "development", "outside"));
