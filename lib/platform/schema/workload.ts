import { z } from "zod";
import * as part from "./parts.ts";

const resourceList = z.strictObject({ cpu: part.quantity, memory: part.quantity });

/** @ignore */
export const resources = z.strictObject({ requests: resourceList, limits: resourceList });

const nonRoot = "a numeric id above 0, which Pod Security can see is not root";

/** @ignore */
export const runAs = z.strictObject({
  user: z.int().min(1, { error: nonRoot }),
  group: z.int().min(1, { error: nonRoot }),
});

const probe = z.strictObject({
  path: part.absolutePath,
  port: part.portName.optional(),
  periodSeconds: part.atLeastOne.optional(),
  timeoutSeconds: part.atLeastOne.optional(),
  failureThreshold: part.atLeastOne.optional(),
});

const mount = z.strictObject({
  claim: part.name.optional(),
  secret: part.name.optional(),
  emptyDir: z.strictObject({ sizeLimit: part.quantity }).optional(),
  items: z.record(part.dataKey, part.dataKey).optional(),
  readOnly: z.boolean().optional(),
}).superRefine(part.exactlyOneOf("claim", "secret", "emptyDir"));

const workload = z.strictObject({
  namespace: part.name,
  labels: part.labels.optional().describe("Labels that select the pods"),
  podAnnotations: part.annotations.optional().describe("Annotations of the pods"),
  container: part.name.optional().describe("Name of the container; the workload's name by default"),
  image: part.image,
  imagePullSecrets: z.array(part.name).optional(),
  serviceAccount: part.name,
  replicas: part.count.optional().describe("Fixed number of pods; not together with autoscaling"),
  autoscaling: z.strictObject({
    minReplicas: part.atLeastOne,
    maxReplicas: part.atLeastOne,
    cpuUtilizationPercent: z.int().min(1).max(100),
  }).optional(),
  resources,
  ports: part.ports,
  services: z.record(part.name, z.strictObject({ ports: part.ports })).default({}),
  probes: z.strictObject({ liveness: probe, readiness: probe, startup: probe.optional() }),
  waitFor: z.strictObject({
    image: part.image,
    services: z.record(part.name, part.portNumber),
  }).optional().describe("Services that must accept connections before the program starts"),
  envFromSecrets: z.array(part.name).optional().describe(
    "Secrets whose every key becomes an environment variable",
  ),
  env: z.record(
    part.envName,
    z.union([z.string(), z.strictObject({ secret: part.name, key: part.dataKey })]),
  ).optional(),
  mounts: z.record(part.absolutePath, mount).optional().describe(
    "What is mounted, by path in the container",
  ),
  rollout: z.strictObject({ maxUnavailable: part.count, maxSurge: part.count }),
  spread: z.strictObject({ antiAffinity: z.enum(["required", "preferred"]) }).optional(),
  disruptionBudget: z.strictObject({ maxUnavailable: part.count }).optional(),
  runAs,
});

/** @ignore */
export const workloadSections = {
  workloads: part.named(workload, "Programs with their services, scaling and safety, by name"),
};
