import { z } from "zod";
import * as part from "./parts.ts";

const protocol = z.enum(["TCP", "UDP"]);

/** @ignore */
export const peer = z.strictObject({
  namespace: part.name.optional(),
  podLabels: part.labels.optional(),
  cidrs: z.array(part.cidr).min(1).optional(),
  except: z.array(part.cidr).optional(),
  ports: z.record(
    part.portName,
    z.union([
      part.portNumber,
      z.strictObject({ port: part.portNumber, protocol: protocol.optional() }),
    ]),
  ).optional().describe("Ports of the pods, by the names that flows may use"),
}).superRefine(part.exactlyOneOf("namespace", "cidrs"));

/** @ignore */
export const group = z.union([
  z.array(part.name),
  z.strictObject({ havingPort: part.portName }),
]);

/** @ignore */
export const zone = z.strictObject({
  members: z.array(part.name).optional().describe("Ends of flows, and groups"),
  namespaces: z.array(part.name).optional().describe("Namespaces whose ends belong to it"),
  mayCall: z.array(part.name).describe("Zones whose members may be called from here"),
});

/** @ignore */
export const flow = z.strictObject({
  from: part.name,
  to: part.name,
  ports: z.array(z.union([part.portNumber, part.portName])).min(1),
  protocol: protocol.optional().describe("Protocol of ports given by number; TCP by default"),
});
