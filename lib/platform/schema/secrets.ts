import { z } from "zod";
import * as part from "./parts.ts";
import { secretStore } from "./secret_stores.ts";
import { vault } from "./vault.ts";

/** Source: kubernetes.io, "Types of Secret". */
const secretType = part.text(
  /^[A-Za-z0-9]([-A-Za-z0-9./]*[A-Za-z0-9])?$/,
  "a type of Secret such as Opaque or kubernetes.io/basic-auth",
);

const storePath = part.text(
  /^[^/\s][^\s]*$/,
  "a path without a leading slash, such as shared/redis",
);

const externalSecret = z.strictObject({
  namespace: part.name,
  store: part.name,
  from: storePath.optional(),
  refreshInterval: part.duration.default("1h"),
  type: secretType.optional(),
  keys: z.array(part.dataKey).min(1).optional(),
  keysFrom: z.record(
    part.dataKey,
    z.strictObject({
      path: part.text(/^\S+$/, "a path or name without spaces"),
      property: z.string().min(1).optional(),
    }),
  ).optional(),
  pullSecret: z.strictObject({
    registry: part.text(/^[a-z0-9.-]+(:\d+)?$/, "a host name such as ghcr.io"),
    usernameKey: part.dataKey,
    passwordKey: part.dataKey,
  }).optional(),
}).superRefine(part.exactlyOneOf("keys", "keysFrom", "pullSecret"));

const sealedSecret = z.strictObject({
  namespace: part.name,
  scope: z.enum(["strict", "namespace-wide", "cluster-wide"]).default("strict"),
  type: secretType.default("Opaque"),
  labels: part.labels.optional(),
  keys: z.array(part.dataKey).min(1),
  sealed: z.record(part.dataKey, z.string()).default({}),
  sealedWith: z.record(
    part.dataKey,
    part.text(
      /^certificate=[0-9a-f]{64} for=\S+ item=[\w-]{22}( |$)/,
      "what `deno task seal-secret` writes",
    ),
  ).optional(),
});

const sealing = z.strictObject({
  certificate: part.text(/^[^/\s][^\s]*$/, "a path from the platform file, such as sealing.pem")
    .optional(),
  // Upper case and colons are how openssl prints it.
  fingerprint: part.text(
    /^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/,
    "SHA-256 of the certificate in hexadecimal digits",
  ).optional(),
  digestKey: part.text(
    /^[^/\s][^\s]*$/,
    "a path from the platform file, such as sealing-digest.age",
  )
    .optional(),
  keyBackups: z.strictObject({ store: z.string().min(1), holders: part.holders }).optional(),
});

/** @ignore */
export const secretSections = {
  vaults: part.named(vault, "HashiCorp Vaults, by name"),
  secretStores: part.named(secretStore, "Where secrets come from, by name"),
  externalSecrets: part.named(externalSecret, "Secrets kept like their source, by name"),
  sealedSecrets: part.named(sealedSecret, "Secrets that stand here encrypted, by name"),
  sealing: sealing.optional().describe("With what values of sealed secrets are sealed"),
};
