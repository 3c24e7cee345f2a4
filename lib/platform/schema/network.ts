import { z } from "zod";
import * as part from "./parts.ts";

/** @ignore */
export const ingress = z.strictObject({
  controller: z.literal("traefik"),
  className: part.name,
  peer: part.name,
});

/** @ignore */
export const route = z.strictObject({
  namespace: part.name,
  hosts: z.array(part.host).min(1),
  service: part.name,
  port: part.portNumber,
  priority: part.atLeastOne.describe("Which route wins where several match: the highest"),
  middlewares: z.array(part.name).describe("What requests pass, in order"),
  certificate: part.name,
  tlsOptions: part.name,
});

/** @ignore */
export const middleware = z.strictObject({
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

/** @ignore */
export const tlsOptions = z.strictObject({
  minVersion: z.enum(["VersionTLS12", "VersionTLS13"]),
  cipherSuites: z.array(z.string()).optional(),
});

/** @ignore */
export const issuer = z.strictObject({
  server: part.url,
  email: part.email,
  challenge: z.literal("http01"),
});

/** @ignore */
export const certificate = z.strictObject({
  namespace: part.name,
  hosts: z.array(part.host).min(1),
  issuer: part.name,
});

/** @ignore */
export const peer = z.strictObject({
  namespace: part.name.optional(),
  podLabels: part.labels.optional(),
  cidrs: z.array(part.cidr).min(1).optional(),
  except: z.array(part.cidr).optional(),
}).superRefine(part.exactlyOneOf("namespace", "cidrs"));

/** @ignore */
export const flow = z.strictObject({
  from: part.name,
  to: part.name,
  ports: z.array(part.portNumber).min(1),
});
