import { z } from "zod";
import { access } from "./guard_access.ts";
import { flow, group, peer, zone } from "./guard_network.ts";
import { limits, quota } from "./guard_quota.ts";
import * as part from "./parts.ts";

const namespace = z.strictObject({
  existing: z.boolean().optional().describe("Made by someone else; only named here"),
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).optional(),
  defaultDeny: z.boolean().optional().describe("Allow no connection but flows, and DNS"),
  labels: part.labels.optional().describe("More labels of the namespace"),
  domain: part.host.max(63).optional().describe("Domain of the tenant who lives here"),
  quota: quota.optional().describe("What all pods of the namespace may use together"),
  limits: limits.optional().describe("What one container gets, and may ask for"),
}).superRefine(part.exactlyOneOf("existing", "podSecurity"));

/** @ignore */
export const guardSections = {
  namespaces: part.named(namespace, "Namespaces, by name"),
  peers: part.named(peer, "Ends of flows that are no workloads, by name"),
  groups: part.named(group, "Several ends of flows under one name"),
  zones: part.named(zone, "Parts of the platform that only certain others may call, by name"),
  flows: z.array(flow).default([]).describe("Connections that are allowed"),
  access: part.named(access, "What people and programs may do on the cluster, by name"),
};
