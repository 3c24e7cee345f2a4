import { z } from "zod";
import * as part from "./parts.ts";

const kindPattern = {
  group: part.text(/^([a-z0-9.-]*|\*)$/, "an API group such as apps, or * for any"),
  kind: part.text(/^([A-Z]\w*|\*)$/, "a kind such as Deployment, or * for any"),
};

const project = z.strictObject({
  namespace: part.name,
  description: z.string().min(1),
  sourceRepositories: z.array(z.string().min(1)).min(1),
  destinations: z.array(part.name).min(1),
  clusterResources: z.array(z.strictObject(kindPattern)).min(1).optional(),
  withoutResources: z.array(z.strictObject(kindPattern)).min(1).optional(),
  roles: z.record(
    part.name,
    z.strictObject({
      description: z.string().min(1).optional(),
      groups: z.array(z.string().min(1)).min(1),
      may: z.array(
        z.enum(["get", "create", "update", "delete", "sync", "override", "action"]),
      ).min(1),
    }),
  ).optional(),
});

const delivery = {
  namespace: part.name,
  project: part.name,
  repository: part.url,
  path: z.string().min(1),
  revision: z.string().min(1),
  autoSync: z.boolean(),
  prune: z.boolean(),
  selfHeal: z.boolean(),
  finalizer: z.boolean().optional(),
};

const application = z.strictObject({
  ...delivery,
  destination: part.name,
  helm: z.strictObject({
    valueFiles: z.array(z.string().min(1)),
    releaseName: part.name.optional(),
  }).optional(),
  syncOptions: z.array(
    part.text(/^[A-Za-z]+=[A-Za-z]+$/, "an option such as SkipDryRunOnMissingResource=true"),
  ).min(1).optional(),
  ignoreDifferences: z.array(z.strictObject({
    ...kindPattern,
    name: part.name.optional(),
    fields: z.array(part.text(/^(\/[^/]+)+$/, "a JSON pointer such as /spec/replicas")).min(1),
  })).min(1).optional(),
  retries: part.count.optional(),
});

/** @ignore */
export const gitopsSections = {
  projects: part.named(project, "Argo CD projects, by name"),
  applications: part.named(application, "Argo CD Applications, by name"),
  rootApplication: z.strictObject({ name: part.name, ...delivery }).optional()
    .describe("The Argo CD Application whose folder holds the others"),
};
