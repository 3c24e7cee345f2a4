import type { Manifest } from "../../../lib/core/object.ts";
import { certificatesOf } from "../../../lib/platform/routes.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { certificate } from "./certificate.ts";
import { tenantListeners } from "./envoy_route.ts";
import { externalService } from "./external_service.ts";
import { gateways } from "./gateway.ts";
import { issuer } from "./issuer.ts";
import { issuerAccount } from "./issuer_account.ts";
import { oauth2Proxy } from "./oauth2_proxy.ts";
import { routes } from "./route.ts";
import { tenantHosts } from "./tenant_hosts.ts";

/** Objects by which requests come in, and by which pods reach what lies outside. */
export function edgeObjects(platform: Platform): Manifest[] {
  const { issuers, tenants } = platform;
  return [
    ...each(issuers, (name, options) => [
      ...issuer(name, options, platform),
      ...issuerAccount(name, options, platform),
    ]),
    ...each(certificatesOf(platform), (name, options) => certificate(name, options, issuers)),
    ...gateways(platform),
    ...Object.keys(tenants).map((name) => tenantListeners(name, platform)),
    ...(Object.keys(tenants).length > 0 ? tenantHosts() : []),
    ...routes(platform),
    ...each(
      platform.oauth2Proxies,
      (name, options) => oauth2Proxy(name, options, platform.domain),
    ),
    ...each(platform.externalServices, externalService),
  ];
}
