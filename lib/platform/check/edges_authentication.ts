import { forwardAuthClients } from "../apps/forward_auth.ts";
import { declaredServices } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import { authenticationOf, tenantOf } from "../routes.ts";
import type { ForwardAuth, Platform, Route } from "../types.ts";
import { refer } from "./reference.ts";
import { checkService } from "./services.ts";

/** Who a route asks must be declared, and be somewhere that the controller can lead people to. */
export function checkAuthentication(path: Path, route: Route, platform: Platform): Mistake[] {
  const { authentication, namespace } = route;
  if (authentication === undefined) return [];
  const { oauth2Proxies, middlewares } = platform;
  const asking = Object.keys(middlewares).filter((name) =>
    middlewares[name]!.forwardAuth !== undefined
  );
  const unknown = refer(
    path,
    authentication,
    [...Object.keys(oauth2Proxies), ...asking, ...forwardAuthClients(platform)],
    "OAuth2 Proxy, or middleware or client of an identity provider with forwardAuth,",
  );
  if (unknown.length > 0) return unknown;
  if (oauth2Proxies[authentication]?.upstream !== undefined) {
    return [{
      path,
      message:
        `${authentication} stands in front of a service of its own, expected one without upstream`,
    }];
  }
  const asked = authenticationOf(platform, route)!;
  const there = asked.namespace ?? namespace;
  const services = declaredServices(platform).filter((service) => service.namespace === there);
  return [
    ...checkService(path, asked.service, asked.port, services),
    ...checkSignIn(path, route, asked, platform),
  ];
}

/** Signing in is a route of its own, beside the service that is asked. */
function checkSignIn(
  path: Path,
  route: Route,
  { signIn, namespace: there = route.namespace }: ForwardAuth,
  platform: Platform,
): Mistake[] {
  if (signIn === undefined || there === route.namespace) return [];
  const { controller } = platform.ingress ?? {};
  if (controller === "traefik" && route.tlsOptions !== undefined) {
    return [{
      path,
      message: `who is asked lives in namespace ${there}, where Traefik cannot use tlsOptions ` +
        `${route.tlsOptions} of ${route.namespace}, expected one in ${route.namespace}, or no tlsOptions`,
    }];
  }
  const tenant = tenantOf(platform, route.namespace)?.[1];
  const isTenants = controller === "envoy-gateway" && route.certificate === undefined &&
    tenant !== undefined;
  return !isTenants || tenant.namespaces.includes(there) ? [] : [{
    path,
    message:
      `who is asked lives in namespace ${there}, whose routes the tenant's listeners refuse, ` +
      `expected one in ${tenant.namespaces.join(" or ")}`,
  }];
}
