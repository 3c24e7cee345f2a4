import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { certificate, issuer } from "./certificate.ts";
import { externalService } from "./external_service.ts";
import { routes } from "./route.ts";

/** Objects by which requests come in, and by which pods reach what lies outside. */
export function edgeObjects(platform: Platform): Manifest[] {
  const ingressClass = platform.ingress?.className ?? "";
  return [
    ...each(platform.issuers, (name, options) => issuer(name, options, ingressClass)),
    ...each(platform.certificates, certificate),
    ...routes(platform),
    ...each(platform.externalServices, externalService),
  ];
}
