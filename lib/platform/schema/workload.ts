import { z } from "zod";
import { because } from "./container.ts";
import * as part from "./parts.ts";
import { podFields, servingFields } from "./pod.ts";

export { resources, runAs } from "./container.ts";

const autoscaling = z.strictObject({
  minReplicas: part.atLeastOne,
  maxReplicas: part.atLeastOne,
  cpuUtilizationPercent: z.int().min(1).max(100).optional(),
  memoryUtilizationPercent: z.int().min(1).max(100).optional(),
}).superRefine(part.atLeastOneOf("cpuUtilizationPercent", "memoryUtilizationPercent"));

const service = z.strictObject({
  ports: part.ports,
  headless: z.boolean().optional(),
  publishNotReady: z.boolean().optional(),
  type: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]).optional(),
  externalTrafficPolicy: z.enum(["Cluster", "Local"]).optional(),
  sessionAffinity: z.literal("ClientIP").optional(),
  annotations: part.annotations.optional(),
});

/** @ignore */
export const spread = z.strictObject({
  antiAffinity: z.enum(["required", "preferred"]).optional(),
  topology: z.strictObject({
    key: z.enum(["zone", "hostname"]),
    maxSkew: part.atLeastOne.optional(),
    whenUnsatisfiable: z.enum(["DoNotSchedule", "ScheduleAnyway"]).optional(),
  }).optional(),
}).superRefine(part.atLeastOneOf("antiAffinity", "topology"));

/** @ignore */
export const volumeClaim = z.strictObject({
  storageClass: part.name,
  size: part.quantity,
  accessModes: z.array(part.accessMode).min(1).optional(),
  labels: part.labels.optional(),
});

const workload = z.strictObject({
  ...servingFields,
  kind: z.enum(["Deployment", "StatefulSet", "DaemonSet"]).optional().describe(
    "Deployment by default",
  ),
  replicas: part.count.optional().describe("Fixed number of pods; not together with autoscaling"),
  autoscaling: autoscaling.optional(),
  services: z.record(part.name, service).default({}),
  rollout: z.strictObject({ maxUnavailable: part.count, maxSurge: part.count.optional() })
    .optional().describe("By default one more pod at a time, none missing"),
  volumeClaims: z.record(part.name, volumeClaim).optional().describe(
    "Volumes of which each pod of a StatefulSet has its own, by name",
  ),
  podManagementPolicy: z.enum(["OrderedReady", "Parallel"]).optional(),
  spread: spread.optional(),
  disruptionBudget: z.strictObject({
    maxUnavailable: part.count.optional(),
    minAvailable: part.count.optional(),
  }).superRefine(part.exactlyOneOf("maxUnavailable", "minAvailable")).optional(),
  metrics: z.strictObject({
    port: part.portName,
    path: part.absolutePath.optional(),
    interval: part.duration.optional(),
  }).optional().describe("Where Prometheus reads its metrics"),
  backup: z.strictObject({ none: because }).optional().describe("Why it needs no backup"),
});

const cronJob = z.strictObject({
  ...podFields,
  schedule: part.cron,
  timeZone: part.text(/^[A-Za-z_]+(\/[\w+-]+)*$/, "a time zone such as Europe/Berlin").optional(),
  suspend: because.optional().describe("Why it does not run for now"),
  deadlineSeconds: part.atLeastOne,
  concurrency: z.enum(["Allow", "Forbid", "Replace"]).optional(),
  retries: part.count.optional(),
});

const configMap = z.strictObject({
  namespace: part.name,
  data: z.record(part.dataKey, z.string()),
});

/** @ignore */
export const workloadSections = {
  workloads: part.named(workload, "Programs with their services, scaling and safety, by name"),
  configMaps: part.named(configMap, "Texts that workloads mount or take variables from, by name"),
  cronJobs: part.named(cronJob, "Programs that run by the clock, by name"),
};
