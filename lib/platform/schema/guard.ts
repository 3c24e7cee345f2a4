import { z } from "zod";
import * as part from "./parts.ts";

const namespace = z.strictObject({
  existing: z.boolean().optional().describe("Made by someone else; only named here"),
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).optional(),
  defaultDeny: z.boolean().optional().describe("Allow no connection but flows, and DNS"),
}).superRefine(part.exactlyOneOf("existing", "podSecurity"));

const peer = z.strictObject({
  namespace: part.name.optional(),
  podLabels: part.labels.optional(),
  cidrs: z.array(part.cidr).min(1).optional(),
  except: z.array(part.cidr).optional(),
}).superRefine(part.exactlyOneOf("namespace", "cidrs"));

const flow = z.strictObject({
  from: part.name,
  to: part.name,
  ports: z.array(part.portNumber).min(1),
});

/** @ignore */
export const guardSections = {
  namespaces: part.named(namespace, "Namespaces, by name"),
  peers: part.named(peer, "Ends of flows that are no workloads, by name"),
  flows: z.array(flow).default([]).describe("Connections that are allowed"),
};
