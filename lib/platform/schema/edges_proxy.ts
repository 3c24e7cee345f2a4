import { z } from "zod";
import * as part from "./parts.ts";
import { resources } from "./workload.ts";

const text = z.string().min(1);

const github = z.strictObject({
  organization: text.optional(),
  teams: z.array(text).min(1).optional(),
  users: z.array(text).min(1).optional(),
}).superRefine((value, context) => {
  if (value.organization === undefined && value.users === undefined) {
    context.addIssue({
      code: "custom",
      message: "neither organization nor users given, expected one: all of GitHub could pass",
    });
  }
  if (value.teams !== undefined && value.organization === undefined) {
    context.addIssue({
      code: "custom",
      path: ["teams"],
      message: "teams without organization, expected the one that they belong to",
    });
  }
});

/** @ignore */
export const oauth2Proxy = z.strictObject({
  namespace: part.name,
  image: part.image,
  replicas: part.atLeastOne.default(2),
  resources,
  github: github.optional(),
  oidc: z.strictObject({
    issuerUrl: part.url,
    groups: z.array(text).min(1).optional(),
  }).optional(),
  secret: part.name,
  upstream: z.strictObject({
    service: part.name,
    namespace: part.name.optional(),
    port: part.portNumber,
  }).optional(),
  hosts: z.array(part.host).min(1).optional(),
  certificate: part.name.optional(),
  tlsOptions: part.name.optional(),
  middlewares: z.array(part.name).default([]),
  signedInHours: part.atLeastOne.default(168),
})
  .superRefine(part.exactlyOneOf("github", "oidc"))
  .superRefine(({ upstream, hosts }, context) => {
    if ((upstream === undefined) === (hosts === undefined)) return;
    const missing = upstream === undefined ? "upstream" : "hosts";
    context.addIssue({
      code: "custom",
      path: [missing],
      message: `missing, expected because of ${upstream === undefined ? "hosts" : "upstream"}`,
    });
  });

const port = z.strictObject({
  port: part.portNumber,
  nodePort: part.portNumber.optional(),
  mode: z.enum(["tcp", "http"]),
});

const milliseconds = z.int().min(50).max(60_000);

/** @ignore */
export const haproxy = z.strictObject({
  listen: part.ipAddress.or(z.literal("*")).default("*"),
  nodes: z.record(part.name, part.ipAddress).refine((nodes) => Object.keys(nodes).length > 0, {
    error: "none given, expected at least one node",
  }),
  ports: z.record(part.portName, port).refine((ports) => Object.keys(ports).length > 0, {
    error: "none given, expected at least one port",
  }),
  balance: z.enum(["roundrobin", "leastconn", "source"]).default("roundrobin"),
  healthCheck: z.strictObject({
    path: part.text(/^\/[^\s?#]*$/, "a path such as /healthz").default("/healthz"),
    port: part.portNumber,
    intervalMs: milliseconds.default(1000),
    timeoutMs: milliseconds.default(500),
    fall: part.atLeastOne.default(3),
    rise: part.atLeastOne.default(2),
  }),
  failoverSeconds: part.atLeastOne,
  proxyProtocol: z.boolean().default(false),
});
