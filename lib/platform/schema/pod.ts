import { z } from "zod";
import * as container from "./container.ts";
import * as part from "./parts.ts";
import { vaultAgent } from "./vault_agent.ts";

const words = z.array(z.string().min(1)).min(1);
/** The core group has an empty name. */
const apiGroups = z.array(z.string()).min(1);

const apiAccess = z.strictObject({
  namespaced: z.array(z.strictObject({
    namespace: part.name.optional(),
    apiGroups,
    resources: words,
    resourceNames: words.optional(),
    verbs: words,
  })).optional(),
  clusterWide: z.array(
    z.strictObject({
      apiGroups: apiGroups.optional(),
      resources: words.optional(),
      resourceNames: words.optional(),
      nonResourceUrls: z.array(part.absolutePath).min(1).optional(),
      verbs: words,
    }).superRefine(part.exactlyOneOf("resources", "nonResourceUrls")),
  ).optional(),
});

/** @ignore */
export const tolerations = z.array(z.strictObject({
  key: part.labelKey.optional(),
  value: part.labelValue.optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
}));

/**
 * What every pod says.
 * @ignore
 */
export const podFields = {
  ...container.containerFields,
  namespace: part.name,
  labels: part.labels.optional().describe("Labels that select the pods"),
  podAnnotations: part.annotations.optional().describe("Annotations of the pods"),
  container: part.name.optional().describe("Name of the container; by default that of all this"),
  imagePullSecrets: z.array(part.name).optional(),
  serviceAccount: part.name.optional().describe("Its service account; by default of its own name"),
  apiAccess: apiAccess.optional().describe("What it may ask of the API server; else nothing"),
  vaultAgent: vaultAgent.optional().describe("Files that Vault Agent renders to /vault/secrets"),
  runAs: container.runAs.optional().describe("Numeric user and group; 65532 by default"),
  waitFor: z.strictObject({
    image: part.image,
    services: z.record(part.name, part.portNumber),
  }).optional().describe("Services that must accept connections before the program starts"),
  initContainers: z.record(part.name, container.sideContainer).optional().describe(
    "What must end well before the program starts, one after the other",
  ),
  nodeSelector: part.labels.optional(),
  tolerations: tolerations.optional(),
  priorityClass: part.name.optional(),
  terminationGracePeriodSeconds: part.count.optional(),
  hostNetwork: container.because.optional(),
  hostPid: container.because.optional(),
};

/**
 * What pods say that keep running.
 * @ignore
 */
export const servingFields = {
  ...podFields,
  ports: z.record(part.portName, container.port).default({}).describe(
    "Ports of the container, by name; none for a worker that nobody calls",
  ),
  probes: container.probes.optional(),
  sidecars: z.record(part.name, container.sideContainer).optional().describe(
    "Containers beside the program, by name",
  ),
};
