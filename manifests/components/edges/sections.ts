import type { Manifest } from "../../../lib/core/object.ts";
import { certificatesOf } from "../../../lib/platform/routes.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { certificate } from "./certificate.ts";
import { externalService } from "./external_service.ts";
import { issuer } from "./issuer.ts";
import { routes } from "./route.ts";

/** Objects by which requests come in, and by which pods reach what lies outside. */
export function edgeObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.issuers, (name, options) => issuer(name, options, platform)),
    ...each(
      certificatesOf(platform),
      (name, options) => certificate(name, options, platform.issuers),
    ),
    ...routes(platform),
    ...each(platform.externalServices, externalService),
  ];
}
