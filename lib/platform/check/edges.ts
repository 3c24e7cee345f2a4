import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { checkCertificates } from "./edges_certificates.ts";
import { checkGateways } from "./edges_gateways.ts";
import { checkProxies } from "./edges_proxies.ts";
import { checkRoutes } from "./edges_routes.ts";

/** How requests come in: the controller, routes, certificates, gateways and proxies must fit each other. */
export function checkEdges(platform: Platform): Mistake[] {
  return [
    ...checkRoutes(platform),
    ...checkCertificates(platform),
    ...checkGateways(platform),
    ...checkProxies(platform),
  ];
}
