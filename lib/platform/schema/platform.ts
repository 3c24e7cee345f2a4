import { z } from "zod";
import type { Platform } from "../types.ts";
import { appSections } from "./apps.ts";
import { backupSections } from "./backup.ts";
import { chartSections } from "./charts.ts";
import { dataSections } from "./data.ts";
import { edgeSections } from "./edges.ts";
import { gitopsSections } from "./gitops.ts";
import { guardSections } from "./guard.ts";
import { monitoringSections } from "./monitoring.ts";
import { nodeSections } from "./nodes.ts";
import * as part from "./parts.ts";
import { reviewSections } from "./review.ts";
import { platformName } from "./platform_name.ts";
import type { Same } from "./same.ts";
import { secretSections } from "./secrets.ts";
import { workloadSections } from "./workload.ts";

const target = z.strictObject({
  context: z.string().min(1).optional(),
  hosts: z.record(
    part.name,
    z.strictObject({
      address: z.string().min(1),
      user: z.string().min(1),
      role: z.enum(["server", "agent"]),
    }),
  ).optional(),
}).superRefine(part.exactlyOneOf("context", "hosts"));

/** Platform and environment together are a label value, of at most 63 characters. */
const shortName = part.text(
  platformName,
  "a name of at most 30 lower-case letters, digits and hyphens that begins with a letter",
);

/**
 * What may stand in a platform file, and in an overlay, besides `environments`.
 * @ignore
 */
export const platformSchema = z.strictObject({
  name: shortName.describe("Name of the platform"),
  domain: part.host.describe("Domain that all hosts belong to"),
  target: target.optional().describe("The cluster; the embedded one when absent"),
  shared: z.array(part.objectPattern).default([]).describe(
    "Objects that other platforms on the same cluster may have too, such as Namespace/cert-manager",
  ),
  ...nodeSections,
  ...guardSections,
  ...workloadSections,
  ...appSections,
  ...edgeSections,
  ...secretSections,
  ...dataSections,
  ...backupSections,
  ...monitoringSections,
  ...gitopsSections,
  ...chartSections,
  ...reviewSections,
});

/**
 * Names of environments.
 * @ignore
 */
export const environmentName = shortName;

// Fails to compile when the schema and the hand-written interfaces say different things.
true satisfies Same<z.output<typeof platformSchema>, Omit<Platform, "environment">>;
