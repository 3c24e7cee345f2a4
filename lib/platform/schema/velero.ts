import { z } from "zod";
import * as part from "./parts.ts";

const tier = z.strictObject({
  cron: part.cron,
  keep: part.atLeastOne.optional(),
  keepForDays: part.atLeastOne.optional(),
  locations: z.array(part.name).min(1).optional(),
}).superRefine(part.exactlyOneOf("keep", "keepForDays"));

const schedule = z.strictObject({
  namespaces: z.array(z.union([part.name, z.literal("*")])).min(1),
  exceptNamespaces: z.array(part.name).optional(),
  locations: z.array(part.name).min(1).optional(),
  volumes: z.enum(["move", "snapshot", "files", "none"]).default("move"),
  tiers: z.strictObject({
    hourly: tier.optional(),
    daily: tier.optional(),
    weekly: tier.optional(),
    monthly: tier.optional(),
  }),
});

/** @ignore */
export const velero = z.strictObject({
  namespace: part.name,
  locations: z.array(part.name).min(1),
  snapshotClass: z.strictObject({
    driver: z.string().min(1),
    parameters: z.record(z.string(), z.string()).optional(),
  }).optional(),
  snapshotLocations: part.named(
    z.strictObject({
      provider: z.string().min(1),
      config: z.record(z.string(), z.string()).optional(),
    }),
    "Where plugins that make no CSI snapshots keep theirs, by name",
  ),
  schedules: part.named(schedule, "What is backed up when, by name"),
});
