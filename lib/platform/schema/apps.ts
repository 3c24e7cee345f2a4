import { z } from "zod";
import { resources } from "./container.ts";
import * as part from "./parts.ts";

const providerPart = z.strictObject({ replicas: part.atLeastOne, resources });

const serviceHost = part.text(
  /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  "a host name such as postgres.data.svc",
);

const database = z.strictObject({
  host: serviceHost,
  port: part.portNumber.optional(),
  database: z.string().min(1),
  secret: part.secretName,
  userKey: part.dataKey.optional(),
  passwordKey: part.dataKey.optional(),
  sslMode: z.enum(["disable", "prefer", "require", "verify-ca", "verify-full"]).optional(),
});

const cache = z.strictObject({
  host: serviceHost,
  port: part.portNumber.optional(),
  database: part.count.optional(),
  secret: part.secretName.optional(),
  passwordKey: part.dataKey.optional(),
});

const client = z.strictObject({
  title: z.string().min(1).optional(),
  redirectUris: z.array(part.url).min(1).optional(),
  forwardAuth: z.strictObject({ url: part.origin }).optional(),
  groups: z.array(z.string().min(1)).min(1).optional(),
  launchUrl: part.url.optional(),
  scopes: z.array(part.text(/^[\w.:/-]+$/, "a scope such as email")).min(1).optional(),
  secret: z.strictObject({ name: part.secretName, key: part.dataKey }).optional(),
}).superRefine(part.exactlyOneOf("redirectUris", "forwardAuth"));

const identityProvider = z.strictObject({
  namespace: part.name,
  image: part.image,
  host: part.host,
  server: providerPart,
  worker: providerPart,
  postgres: database,
  redis: cache.optional().describe("Not needed since Authentik 2025.10"),
  secret: z.strictObject({
    name: part.secretName,
    secretKeyKey: part.dataKey.optional(),
    bootstrapPasswordKey: part.dataKey.optional(),
    bootstrapEmail: part.email.optional(),
  }),
  clients: z.record(part.name, client).default({}),
});

const mailParts = ["front", "admin", "smtp", "imap", "antispam", "webmail", "redis"] as const;

const mail = z.strictObject({
  namespace: part.name,
  domain: part.host,
  hostnames: z.array(part.host).min(1),
  certificate: part.secretName,
  images: z.record(z.enum(mailParts), part.image),
  storage: z.strictObject({
    storageClass: part.name,
    mailboxes: part.quantity,
    admin: part.quantity.optional(),
    queue: part.quantity.optional(),
    antispam: part.quantity.optional(),
    webmail: part.quantity.optional(),
    redis: part.quantity.optional(),
  }),
  resources: z.partialRecord(z.enum(mailParts), resources).optional(),
  secret: z.strictObject({
    name: part.secretName,
    secretKeyKey: part.dataKey.optional(),
    adminPasswordKey: part.dataKey.optional(),
  }),
  postmaster: part.text(/^[\w.+-]+$/, "the part of an address before the @").optional(),
  podRange: part.cidr.optional(),
  messageSizeMegabytes: part.atLeastOne.optional(),
  loadBalancerAnnotations: part.annotations.optional(),
  addresses: z.array(part.ipAddress).min(1).optional(),
  dkim: z.strictObject({
    selector: part.text(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "a selector such as dkim").optional(),
    publicKey: part.text(/^[A-Za-z0-9+/]{100,}={0,2}$/, "a public key in base64").optional(),
  }).optional(),
  dmarc: z.strictObject({
    policy: z.enum(["none", "quarantine", "reject"]),
    reports: part.email.optional(),
  }),
});

const dns = z.strictObject({
  addresses: z.array(part.ipAddress).min(1).optional(),
  alias: part.host.optional(),
  ttlSeconds: part.atLeastOne.optional(),
}).superRefine(part.exactlyOneOf("addresses", "alias"));

/** @ignore */
export const appSections = {
  identityProviders: part.named(identityProvider, "Authentik, which logs people in, by name"),
  mail: part.named(mail, "Mailu, which sends, receives and keeps mail, by name"),
  dns: dns.optional().describe("Where the names of the platform lead, for its DNS records"),
};
