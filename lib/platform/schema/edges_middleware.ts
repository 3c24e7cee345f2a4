import { z } from "zod";
import * as part from "./parts.ts";

const urlPath = part.text(/^\/[^\s?#]*$/, "a path such as /oauth2/auth");

const rateLimit = z.strictObject({
  average: part.atLeastOne.describe("Requests that each period allows"),
  period: part.duration,
  burst: part.atLeastOne.describe("Requests that may come at once"),
});

const headers = z.strictObject({
  hstsSeconds: part.count,
  hstsIncludeSubdomains: z.boolean(),
  frameDeny: z.boolean(),
  contentTypeNosniff: z.boolean(),
  browserXssFilter: z.boolean(),
  referrerPolicy: z.string(),
  permissionsPolicy: z.string().optional(),
});

const cors = z.strictObject({
  origins: z.array(part.origin).min(1),
  methods: z.array(z.string()).min(1),
  headers: z.array(z.string()),
  credentials: z.boolean(),
  maxAgeSeconds: part.count,
});

const forwardAuth = z.strictObject({
  service: part.name,
  namespace: part.name.optional(),
  port: part.portNumber,
  path: urlPath.describe("Path that is asked"),
  responseHeaders: z.array(z.string()).default([]).describe(
    "Headers of its answer that the request goes on with",
  ),
  signIn: z.strictObject({
    path: urlPath.describe("All paths where people sign in begin with it"),
    start: urlPath.describe("Where nginx sends who is not signed in"),
  }).optional(),
  forwardedHost: z.boolean().optional().describe("It must know which host was asked for"),
});

/** @ignore */
export const middleware = z.strictObject({
  rateLimit: rateLimit.optional(),
  headers: headers.optional(),
  cors: cors.optional(),
  forwardAuth: forwardAuth.optional(),
  bodyLimit: z.strictObject({ size: part.quantity }).optional(),
}).superRefine(part.exactlyOneOf("rateLimit", "headers", "cors", "forwardAuth", "bodyLimit"));
