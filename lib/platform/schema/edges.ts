import { z } from "zod";
import * as part from "./parts.ts";

const ingress = z.strictObject({
  controller: z.literal("traefik"),
  className: part.name,
  peer: part.name,
});

const route = z.strictObject({
  namespace: part.name,
  hosts: z.array(part.host).min(1),
  service: part.name,
  port: part.portNumber,
  priority: part.atLeastOne.describe("Which route wins where several match: the highest"),
  middlewares: z.array(part.name).describe("What requests pass, in order"),
  certificate: part.name,
  tlsOptions: part.name,
});

const middleware = z.strictObject({
  rateLimit: z.strictObject({
    average: part.atLeastOne.describe("Requests that each period allows"),
    period: part.duration,
    burst: part.atLeastOne.describe("Requests that may come at once"),
  }).optional(),
  headers: z.strictObject({
    hstsSeconds: part.count,
    hstsIncludeSubdomains: z.boolean(),
    frameDeny: z.boolean(),
    contentTypeNosniff: z.boolean(),
    browserXssFilter: z.boolean(),
    referrerPolicy: z.string(),
    permissionsPolicy: z.string().optional(),
  }).optional(),
  cors: z.strictObject({
    origins: z.array(part.origin).min(1),
    methods: z.array(z.string()).min(1),
    headers: z.array(z.string()),
    credentials: z.boolean(),
    maxAgeSeconds: part.count,
  }).optional(),
}).superRefine(part.exactlyOneOf("rateLimit", "headers", "cors"));

const tlsOptions = z.strictObject({
  minVersion: z.enum(["VersionTLS12", "VersionTLS13"]),
  cipherSuites: z.array(z.string()).optional(),
});

const issuer = z.strictObject({
  server: part.url,
  email: part.email,
  challenge: z.literal("http01"),
});

const certificate = z.strictObject({
  namespace: part.name,
  hosts: z.array(part.host).min(1),
  issuer: part.name,
});

const externalService = z.strictObject({
  namespace: part.name,
  addresses: z.array(part.ipAddress).min(1).optional(),
  dnsName: part.host.optional(),
  ports: part.ports,
  peer: part.name.optional(),
}).superRefine(part.exactlyOneOf("addresses", "dnsName"));

/** @ignore */
export const edgeSections = {
  ingress: ingress.optional().describe("The ingress controller"),
  routes: part.named(route, "Hosts, and where their requests go, by name"),
  middlewares: part.named(middleware, "What requests pass on their way, by name"),
  tlsOptions: part.named(tlsOptions, "TLS that routes accept, by name"),
  issuers: part.named(issuer, "ACME accounts from which certificates come, by name"),
  certificates: part.named(certificate, "TLS certificates, by name"),
  externalServices: part.named(externalService, "What pods reach by a Service, by name"),
};
