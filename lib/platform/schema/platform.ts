import { z } from "zod";
import * as data from "./data.ts";
import * as network from "./network.ts";
import * as part from "./parts.ts";
import { workload } from "./workload.ts";
import type { Platform } from "../types.ts";

const namespace = z.strictObject({
  existing: z.boolean().optional().describe("Made by someone else; only named here"),
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).optional(),
  defaultDeny: z.boolean().optional().describe("Allow no connection but flows, and DNS"),
}).superRefine(part.exactlyOneOf("existing", "podSecurity"));

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

function named<T extends z.ZodType>(what: T, description: string) {
  return z.record(part.name, what).default({}).describe(description);
}

/** Platform and environment together are a label value, of at most 63 characters. */
const shortName = part.text(
  /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/,
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
  namespaces: named(namespace, "Namespaces, by name"),
  ingress: network.ingress.optional().describe("The ingress controller"),
  workloads: named(workload, "Programs with their services, scaling and safety, by name"),
  vaults: named(data.vault, "HashiCorp Vaults with Raft storage, by name"),
  routes: named(network.route, "Hosts, and where their requests go, by name"),
  middlewares: named(network.middleware, "What requests pass on their way, by name"),
  tlsOptions: named(network.tlsOptions, "TLS that routes accept, by name"),
  issuers: named(network.issuer, "ACME accounts from which certificates come, by name"),
  certificates: named(network.certificate, "TLS certificates, by name"),
  secretStores: named(data.secretStore, "Where secrets come from, by name"),
  externalSecrets: named(data.externalSecret, "Secrets kept like their source, by name"),
  externalServices: named(data.externalService, "What pods reach by a Service, by name"),
  storageClasses: named(data.storageClass, "Classes of volumes, by name"),
  volumes: named(data.volume, "Persistent volume claims, by name"),
  peers: named(network.peer, "Ends of flows that are no workloads, by name"),
  flows: z.array(network.flow).default([]).describe("Connections that are allowed"),
  backups: data.backups.optional().describe("Backups by schedule"),
  applications: named(data.application, "Argo CD Applications, by name"),
});

/**
 * Names of environments.
 * @ignore
 */
export const environmentName = shortName;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

// Fails to compile when the schema and the hand-written interfaces say different things.
true satisfies Same<z.output<typeof platformSchema>, Omit<Platform, "environment">>;
