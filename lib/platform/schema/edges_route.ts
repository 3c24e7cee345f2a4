import { z } from "zod";
import * as part from "./parts.ts";

/** @ignore */
export const ingress = z.strictObject({
  controller: z.enum(["traefik", "nginx", "envoy-gateway"]),
  className: part.name.optional().describe("IngressClass or GatewayClass"),
  namespace: part.name.optional().describe("Namespace of its pods, the end ingress of flows"),
  peer: part.name.optional().describe("Its pods: one of peers or gateways"),
  gateway: part.name.optional().describe("With envoy-gateway: one of gateways"),
}).superRefine(part.exactlyOneOf("namespace", "peer"));

/** A path as all three controllers read it: no wildcards, and no slash at its end. */
const pathPrefix = part.text(
  /^(\/[\w.~-]+)+$/,
  "a path such as /api, of letters, digits, dots, hyphens and underscores",
);

const routePath = z.strictObject({
  path: pathPrefix,
  service: part.name,
  port: part.portNumber,
  stripPrefix: z.boolean().optional().describe("Take the path away before the service sees it"),
});

/** @ignore */
export const route = z.strictObject({
  namespace: part.name,
  hosts: z.array(part.host).min(1),
  service: part.name,
  port: part.portNumber,
  paths: z.array(routePath).min(1).optional().describe("Paths that other services answer"),
  priority: part.atLeastOne.optional().describe(
    "Which route wins where several match, with Traefik: the highest",
  ),
  middlewares: z.array(part.name).default([]).describe("What requests pass, in order"),
  authentication: part.name.optional().describe(
    "One of oauth2Proxies, or a middleware with forwardAuth",
  ),
  certificate: part.name.optional(),
  tlsOptions: part.name.optional(),
  websocket: z.boolean().optional().describe("Let silent connections live on for an hour"),
  tlsPassthrough: z.boolean().optional().describe("The service has the certificate"),
});

/** @ignore */
export const tlsOptions = z.strictObject({
  minVersion: z.enum(["VersionTLS12", "VersionTLS13"]),
  cipherSuites: z.array(
    part.text(/^TLS_[A-Z0-9_]+$/, "a name such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
  ).optional(),
});
