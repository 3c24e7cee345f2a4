import { z } from "zod";
import * as part from "./parts.ts";

const percent = z.number().min(0).max(100);
const positive = z.number().positive();

/**
 * Source: Prometheus, "Data model".
 * @ignore
 */
export const metricName = part.text(
  /^[a-zA-Z_:][a-zA-Z0-9_:]*$/,
  "the name of a metric, such as http_requests_total",
);

/**
 * Source: Prometheus, "Data model".
 * @ignore
 */
export const labelName = part.text(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "a label's name, such as status");

/** @ignore */
export const seriesLabels = z.record(labelName, z.string());

/** @ignore */
export const monitoredDatabase = z.enum(["mongodb", "redis", "postgres"]);

const computeResource = z.enum(["cpu", "memory"]);
const namespaces = z.array(part.name).min(1).optional();
const inNamespaces = z.strictObject({ namespaces });
const belowPercent = z.strictObject({ belowPercent: percent });
const series = { labels: seriesLabels.optional(), by: z.array(labelName).min(1).optional() };

const storedBackupAge = z.strictObject({
  aboveHours: positive,
  kinds: z.array(part.name).min(1).optional(),
});

const conditions = {
  targetDown: z.strictObject({ jobs: z.array(part.name).min(1).optional() }).optional(),
  applicationDown: inNamespaces.optional(),
  replicasMissing: inNamespaces.optional(),
  crashLooping: z.strictObject({ namespaces, aboveRestarts: part.count.default(3) }).optional(),
  podNotRunning: inNamespaces.optional(),
  jobFailed: inNamespaces.optional(),
  containerNearLimit: z.strictObject({
    namespaces,
    resource: computeResource,
    abovePercent: percent,
  }).optional(),
  errorRate: z.strictObject({
    ...series,
    requests: metricName,
    statusLabel: labelName.default("status"),
    abovePercent: percent,
  }).optional(),
  latency: z.strictObject({
    ...series,
    histogram: metricName,
    quantile: z.number().gt(0).lt(1).default(0.95),
    aboveSeconds: positive,
  }).optional(),
  databaseDown: z.strictObject({ database: monitoredDatabase }).optional(),
  replicationLag: z.strictObject({ database: monitoredDatabase, aboveSeconds: positive })
    .optional(),
  nodeNotReady: z.literal(true).optional(),
  nodeBusy: z.strictObject({ resource: computeResource, abovePercent: percent }).optional(),
  nodeDiskSpace: belowPercent.optional(),
  volumeSpace: belowPercent.optional(),
  certificateExpiry: z.strictObject({ belowDays: positive }).optional(),
  certificateNotReady: z.literal(true).optional(),
  backupAge: z.strictObject({
    aboveHours: positive,
    cronJobs: z.array(part.name).min(1).optional(),
  }).optional(),
  veleroBackupAge: z.strictObject({
    aboveHours: positive,
    schedules: z.array(part.name).min(1).optional(),
  }).optional(),
  storedBackupAge: storedBackupAge.optional(),
  restoredBackupAge: storedBackupAge.optional(),
  argoApplication: z.literal(true).optional(),
  minioDrivesOffline: z.literal(true).optional(),
  longhornVolumeDegraded: z.literal(true).optional(),
};

/**
 * Names of all conditions.
 * @ignore
 */
export const conditionNames = Object.keys(conditions) as (keyof typeof conditions)[];

const alert = z.strictObject({
  severity: z.enum(["critical", "warning"]),
  for: part.duration,
  runbook: part.url.optional().describe("Where it is written what to do"),
  ...conditions,
}).superRefine(part.exactlyOneOf(...conditionNames));

/** @ignore */
export const alerts = z.record(
  part.text(/^[A-Z][A-Za-z0-9]{0,62}$/, "an alert's name, such as NodeNotReady"),
  alert,
);
