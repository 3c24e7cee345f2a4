import { z } from "zod";
import * as part from "./parts.ts";

const amounts = z.strictObject({
  cpu: part.quantity.optional(),
  memory: part.quantity.optional(),
}).refine((value) => Object.keys(value).length > 0, { error: "expected cpu, memory or both" });

/** @ignore */
export const quota = z.strictObject({
  requests: amounts.optional(),
  limits: amounts.optional(),
  pods: part.count.optional(),
  storage: part.quantity.optional().describe("Sum of what volume claims ask for"),
  volumeClaims: part.count.optional(),
  loadBalancers: part.count.optional(),
}).refine((value) => Object.keys(value).length > 0, {
  error: "nothing given, expected at least one of requests, limits, pods, storage",
});

/** @ignore */
export const limits = z.strictObject({
  default: amounts.optional().describe("Limits of a container that has none"),
  defaultRequest: amounts.optional().describe("Requests of a container that has none"),
  min: amounts.optional(),
  max: amounts.optional(),
  maxStorage: part.quantity.optional().describe("Largest size of one volume claim"),
}).refine((value) => Object.keys(value).length > 0, {
  error: "nothing given, expected at least one of default, defaultRequest, min, max, maxStorage",
});
