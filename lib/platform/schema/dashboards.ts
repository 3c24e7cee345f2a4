import { z } from "zod";
import { labelName, metricName, monitoredDatabase, seriesLabels } from "./alerts.ts";
import * as part from "./parts.ts";

const units = [
  "short",
  "percent",
  "percentunit",
  "s",
  "ms",
  "bytes",
  "Bps",
  "reqps",
  "ops",
  "cores",
  "currencyEUR",
  "currencyUSD",
] as const;

const panel = z.strictObject({
  expression: z.string().min(1).describe("PromQL expression"),
  legend: z.string().optional(),
  unit: z.enum(units).optional(),
  kind: z.enum(["graph", "number", "table"]).optional(),
});

const price = z.number().min(0);

const dashboard = z.strictObject({
  title: z.string().min(1),
  clusterOverview: z.literal(true).optional(),
  requests: z.strictObject({
    histogram: metricName,
    statusLabel: labelName.default("status"),
    routeLabel: labelName.default("route"),
    labels: seriesLabels.optional(),
  }).optional(),
  databases: z.array(monitoredDatabase).min(1).optional(),
  costs: z.strictObject({
    currency: z.enum(["EUR", "USD"]),
    cpuCoreMonth: price,
    memoryGibMonth: price,
    storageGibMonth: price,
  }).optional(),
  panels: z.record(z.string().min(1), panel).optional(),
}).superRefine(
  part.atLeastOneOf("clusterOverview", "requests", "databases", "costs", "panels"),
);

/** @ignore */
export const dashboards = z.record(part.name, dashboard).default({});
