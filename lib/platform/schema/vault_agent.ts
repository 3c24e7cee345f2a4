import { z } from "zod";
import { resources } from "./container.ts";
import * as part from "./parts.ts";

const mountPath = part.text(
  /^[\w-]+(\/[\w-]+)*$/,
  "the mount of an auth method without auth/, such as kubernetes",
);

/** The name becomes part of an annotation's, after `agent-inject-template-`, in 63 characters. */
const fileName = part.text(
  /^[A-Za-z0-9]([-\w.]{0,39}[A-Za-z0-9])?$/,
  "a file name of at most 41 letters, digits, hyphens, underscores and dots",
);

/** @ignore */
export const vaultAgent = z.strictObject({
  auth: z.strictObject({
    kubernetes: z.strictObject({
      role: z.string().min(1),
      path: mountPath.optional(),
      audience: z.string().min(1).optional(),
    }).optional(),
    approle: z.strictObject({
      path: mountPath.optional(),
      secret: part.name,
      roleIdKey: part.dataKey.optional(),
      secretIdKey: part.dataKey.optional(),
    }).optional(),
  }).superRefine(part.exactlyOneOf("kubernetes", "approle")),
  address: part.url.optional(),
  caSecret: part.keyOfSecret.optional(),
  files: z.record(
    fileName,
    z.strictObject({
      path: part.text(/^[^\s/][^\s]*$/, "a path in Vault such as secret/data/shop/database"),
      template: z.string().min(1).optional(),
      onChange: z.string().min(1).optional(),
      mode: part.text(/^0[0-7]{3}$/, "a mode in octal such as 0640").optional(),
    }),
  ),
  onlyAtStart: z.boolean().optional(),
  resources: resources.optional(),
});
