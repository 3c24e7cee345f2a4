import { z } from "zod";
import * as part from "./parts.ts";

const application = z.strictObject({
  namespace: part.name,
  project: part.name,
  repository: part.url,
  path: z.string().min(1),
  revision: z.string().min(1),
  destination: part.name,
  autoSync: z.boolean(),
  prune: z.boolean(),
  selfHeal: z.boolean(),
});

/** @ignore */
export const gitopsSections = {
  applications: part.named(application, "Argo CD Applications, by name"),
};
