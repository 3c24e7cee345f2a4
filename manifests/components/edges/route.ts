import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { envoyRoutes } from "./envoy_route.ts";
import { nginxRoutes } from "./nginx_route.ts";
import { traefikRoutes } from "./traefik_route.ts";

/** Objects of all routes, as the platform's ingress controller reads them. */
export function routes(platform: Platform): Manifest[] {
  switch (platform.ingress?.controller) {
    case "traefik":
      return traefikRoutes(platform);
    case "nginx":
      return nginxRoutes(platform);
    case "envoy-gateway":
      return envoyRoutes(platform);
    case undefined:
      return [];
  }
}
