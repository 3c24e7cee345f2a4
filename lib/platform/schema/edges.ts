import { z } from "zod";
import { certificate, issuer } from "./edges_certificate.ts";
import { gateway, tenant } from "./edges_gateway.ts";
import { middleware } from "./edges_middleware.ts";
import { haproxy, oauth2Proxy } from "./edges_proxy.ts";
import { ingress, route, tlsOptions } from "./edges_route.ts";
import * as part from "./parts.ts";

const externalService = z.strictObject({
  namespace: part.name,
  addresses: z.array(part.ipAddress).min(1).optional(),
  dnsName: part.host.optional(),
  ports: part.ports,
  peer: part.name.optional(),
}).superRefine(part.exactlyOneOf("addresses", "dnsName"));

/** @ignore */
export const edgeSections = {
  ingress: ingress.optional().describe("The ingress controller"),
  routes: part.named(route, "Hosts, and where their requests go, by name"),
  middlewares: part.named(middleware, "What requests pass on their way, by name"),
  tlsOptions: part.named(tlsOptions, "TLS that routes accept, by name"),
  issuers: part.named(issuer, "Where certificates come from, by name"),
  certificates: part.named(certificate, "TLS certificates, by name"),
  gateways: part.named(gateway, "Gateways of the Gateway API, by name"),
  tenants: part.named(tenant, "Tenants that share a gateway, by name"),
  oauth2Proxies: part.named(oauth2Proxy, "OAuth2 Proxies, by name"),
  haproxy: part.named(haproxy, "Load balancers outside of the cluster, by name"),
  externalServices: part.named(externalService, "What pods reach by a Service, by name"),
};
