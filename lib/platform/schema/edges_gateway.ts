import { z } from "zod";
import * as part from "./parts.ts";
import { resources } from "./workload.ts";

/** @ignore */
export const gateway = z.strictObject({
  namespace: part.name,
  className: part.name.default("envoy").describe("Its GatewayClass"),
  replicas: part.atLeastOne.default(2),
  resources,
  antiAffinity: z.enum(["required", "preferred"]).default("preferred"),
  address: part.ipAddress.optional(),
  externalTrafficPolicy: z.enum(["Local", "Cluster"]).default("Local"),
  annotations: part.annotations.optional(),
  tlsOptions: part.name.optional(),
  middlewares: z.array(part.name).default([]).describe("What all requests pass"),
});

/** A label value of the tenant's namespaces, so it is no longer than that. */
const domain = part.host.max(63, { error: "at most 63 characters, as labels have" });

/** @ignore */
export const tenant = z.strictObject({
  domain: domain.describe("Domain that all its hosts belong to"),
  namespaces: z.array(part.name).min(1).describe(
    "Its namespaces; the first has its listeners and certificate",
  ),
  gateway: part.name.optional().describe("One of gateways"),
  issuer: part.name,
  renewBeforeDays: part.atLeastOne.optional(),
});
