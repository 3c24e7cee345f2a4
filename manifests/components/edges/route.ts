import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { traefikRoutes } from "./traefik_route.ts";

/** Objects of all routes, as the platform's ingress controller reads them. */
export function routes(platform: Platform): Manifest[] {
  return traefikRoutes(platform);
}
