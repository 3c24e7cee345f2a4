import { z } from "zod";
import * as part from "./parts.ts";

const dns01 = z.strictObject({
  cloudflare: z.strictObject({
    zones: z.array(part.host).min(1).optional(),
    tokenSecret: part.keyOfSecret,
  }),
});

const vault = z.strictObject({
  server: part.url,
  path: part.text(/^[^/\s]+(\/[^/\s]+)+$/, "a path such as pki/sign/backend"),
  role: z.string().min(1),
  authMountPath: z.string().min(1).default("kubernetes"),
  serviceAccount: part.name.optional(),
  caSecret: part.keyOfSecret.optional(),
});

const needed = "missing, expected with server";

/** @ignore */
export const issuer = z.strictObject({
  namespace: part.name.optional().describe("Namespace that it serves; all when absent"),
  server: part.url.optional().describe("URL of an ACME directory"),
  email: part.email.optional(),
  challenge: z.union([z.literal("http01"), z.strictObject({ dns01 })]).optional(),
  vault: vault.optional(),
  ca: z.strictObject({ secret: part.name }).optional(),
  selfSigned: z.literal(true).optional(),
})
  .superRefine(part.exactlyOneOf("server", "vault", "ca", "selfSigned"))
  .superRefine((value, context) => {
    for (const key of ["email", "challenge"] as const) {
      if ((value[key] === undefined) === (value.server === undefined)) continue;
      context.addIssue({
        code: "custom",
        path: [key],
        message: value[key] === undefined ? needed : "given, expected only with server",
      });
    }
  });

/** A host, or all of one level below a domain. Source: RFC 6125, section 6.4.3. */
const hostOrWildcard = part.text(
  /^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  "a host name such as www.example.org, or *.example.org",
);

/** @ignore */
export const certificate = z.strictObject({
  namespace: part.name,
  hosts: z.array(hostOrWildcard).min(1),
  issuer: part.name,
  commonName: z.string().min(1).max(64).optional(),
  durationDays: part.atLeastOne.optional(),
  renewBeforeDays: part.atLeastOne.optional(),
  isCa: z.boolean().optional(),
  usages: z.array(z.enum(["server auth", "client auth"])).min(1).optional(),
});
