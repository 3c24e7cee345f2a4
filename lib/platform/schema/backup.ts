import { z } from "zod";
import * as part from "./parts.ts";
import { resources, runAs } from "./workload.ts";

const backups = z.strictObject({
  image: part.image,
  suspendedBecause: z.string().min(1).optional(),
  resources,
  runAs,
  jobs: z.record(
    part.name,
    z.strictObject({
      namespace: part.name,
      schedule: part.cron,
      task: z.string().min(1),
      deadlineSeconds: part.atLeastOne,
      envFromSecrets: z.array(part.name).optional(),
    }),
  ),
});

/** @ignore */
export const backupSections = {
  backups: backups.optional().describe("Backups by schedule"),
};
