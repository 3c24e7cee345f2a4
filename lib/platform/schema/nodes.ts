import { z } from "zod";
import * as part from "./parts.ts";

const group = z.strictObject({
  count: part.atLeastOne,
  role: z.enum(["server", "agent"]),
  cpu: part.quantity.describe("Cores of each node"),
  memory: part.quantity.describe("Memory of each node"),
  storage: part.quantity.describe("Disk of each node, for images and volumes"),
  labels: part.labels.optional().describe("Labels besides those that k3s sets itself"),
  taints: z.array(z.strictObject({
    key: part.labelKey,
    value: part.labelValue.optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  })).optional(),
  zones: z.array(part.labelValue).min(1).optional()
    .describe("Zones that the nodes stand in, in turn"),
});

/** @ignore */
export const nodeSections = {
  nodes: part.named(group, "Groups of like nodes, by name"),
};
