import { z } from "zod";
import type { ClusterVault, OutsideVault, Vault } from "../types/vault.ts";
import * as part from "./parts.ts";
import type { Same } from "./same.ts";
import { vaultConfiguration } from "./vault_configuration.ts";
import { resources, runAs } from "./workload.ts";

const secretKey = z.strictObject({ secret: part.name, key: part.dataKey });

const initialize = z.strictObject({
  shares: part.atLeastOne.max(255).optional(),
  threshold: part.atLeastOne.max(255).optional(),
  holders: part.holders.optional(),
  secret: z.strictObject({ name: part.name, because: z.string().min(1) }).optional(),
  development: z.boolean().optional(),
}).superRefine(part.exactlyOneOf("holders", "secret"));

const seal = z.strictObject({
  vault: part.name,
  mountPath: z.string().min(1).default("transit"),
  key: z.string().min(1),
  token: secretKey,
  role: z.string().min(1).default("unseal"),
});

const outside = z.strictObject({
  address: part.origin,
  caCert: part.text(/^-----BEGIN CERTIFICATE-----\n/, "a certificate in PEM").optional(),
  backupsKeptAt: z.string().min(1).optional(),
});

/** What a Vault in the cluster cannot do without. */
const needed = ["namespace", "image", "replicas", "resources", "runAs"] as const;

/** What says how pods run: not for a Vault outside of the cluster. */
const ofPods = [...needed, "seal", "tls"] as const;

const form = z.strictObject({
  namespace: part.name.optional(),
  image: part.image.optional(),
  replicas: part.atLeastOne.optional(),
  resources: resources.optional(),
  storage: z.strictObject({ storageClass: part.name, size: part.quantity }).optional(),
  development: z.strictObject({ rootToken: secretKey, because: z.string().min(1) }).optional(),
  outside: outside.optional(),
  seal: seal.optional(),
  runAs: runAs.optional(),
  tls: z.strictObject({ secret: part.name }).optional(),
  initialize: initialize.optional(),
  configuration: vaultConfiguration.optional(),
});

/** All that either kind of Vault may have. */
type Form = Partial<Omit<ClusterVault, "outside"> & OutsideVault>;

// Fails to compile when the schema and the hand-written interfaces say different things.
true satisfies Same<z.output<typeof form>, { [Key in keyof Form]: Form[Key] }>;

/**
 * One object, and not a union: what is wrong is told for the kind of Vault that was meant.
 * @ignore
 */
export const vault = form
  .superRefine(part.exactlyOneOf("storage", "development", "outside"))
  .superRefine((value, context) => {
    const mistakes = value.outside === undefined
      ? needed.filter((key) => value[key] === undefined).map((key) => ({
        key,
        message: "missing, expected with a Vault that the cluster runs",
      }))
      : ofPods.filter((key) => value[key] !== undefined).map((key) => ({
        key,
        message: "given, expected none beside outside: others run it",
      }));
    for (const { key, message } of mistakes) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  })
  // What the refinements have shown.
  .transform((value) => value as Vault);
