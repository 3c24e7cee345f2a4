import { declaredServices } from "../declared.ts";
import { gatewaysOf, usualGatewayName } from "../ingress.ts";
import type { Mistake, Path } from "../mistake.ts";
import { certificatesOf, routesOf, tenantOf } from "../routes.ts";
import type { Ingress, Platform, Route } from "../types.ts";
import { checkAuthentication } from "./edges_authentication.ts";
import { checkMiddlewares } from "./edges_middlewares.ts";
import { checkHosts, isCertified } from "./hosts.ts";
import { checkService } from "./services.ts";
import { refer, within } from "./reference.ts";

/** Routes must lead to services, with a certificate for each host. */
export function checkRoutes(platform: Platform): Mistake[] {
  const { ingress } = platform;
  const routes = Object.entries(routesOf(platform));
  return [
    ...(routes.length > 0 && ingress === undefined
      ? [{ path: ["ingress"], message: "missing, expected because there are routes" }]
      : []),
    ...(ingress === undefined ? [] : checkIngress(ingress, platform)),
    ...routes.flatMap(([name, route]) => {
      const isProxy = platform.routes[name] === undefined;
      const path = [isProxy ? "oauth2Proxies" : "routes", name];
      return [
        ...(isProxy ? [] : checkTargets(path, route, platform)),
        ...checkHosts([...path, "hosts"], route.hosts, route.namespace, platform),
        ...checkMiddlewares(path, route, platform),
        ...checkAuthentication([...path, "authentication"], route, platform),
        ...checkBuffering([...path, "websocket"], route, platform),
        ...(route.tlsPassthrough === true
          ? checkPassthrough(path, route)
          : checkTls(path, route, platform)),
      ];
    }),
  ];
}

function checkIngress(ingress: Ingress, platform: Platform): Mistake[] {
  const { peer, gateway, controller } = ingress;
  const path = ["ingress"];
  const gateways = Object.keys(platform.gateways);
  const isEnvoy = controller === "envoy-gateway";
  return [
    ...(peer === undefined
      ? []
      : refer([...path, "peer"], peer, [...Object.keys(platform.peers), ...gateways], "peer")),
    ...(gateway === undefined
      ? []
      : refer([...path, "gateway"], gateway, Object.keys(gatewaysOf(platform)), "gateway")),
    ...(isEnvoy && gateway === undefined && usualGatewayName(platform) === undefined
      ? [{
        path: [...path, "gateway"],
        message: gateways.length > 1
          ? `missing, expected one of ${gateways.join(", ")}, which routes attach to`
          : "no namespace for a gateway, expected ingress.namespace, or an entry of gateways",
      }]
      : []),
    ...(gateways.length > 0 && !isEnvoy
      ? [{
        path: [...path, "controller"],
        message: `${controller} serves no gateways, expected envoy-gateway because of gateways`,
      }]
      : []),
  ];
}

function checkTargets(path: Path, route: Route, platform: Platform): Mistake[] {
  const here = declaredServices(platform).filter(({ namespace }) => namespace === route.namespace);
  const check = (at: Path, { service, port }: Pick<Route, "service" | "port">) =>
    checkService(
      [...at, here.some(({ name }) => name === service) ? "port" : "service"],
      service,
      port,
      here,
    );
  const paths = route.paths ?? [];
  return [
    ...check(path, route),
    ...paths.flatMap((entry, index) => {
      const at = [...path, "paths", index];
      return [
        ...check(at, entry),
        ...(paths.findIndex((other) => other.path === entry.path) < index
          ? [{ path: [...at, "path"], message: `${entry.path} stands here twice, expected once` }]
          : []),
      ];
    }),
  ];
}

function checkTls(path: Path, route: Route, platform: Platform): Mistake[] {
  const { certificate, hosts, namespace } = route;
  const isTenants = platform.ingress?.controller === "envoy-gateway" &&
    tenantOf(platform, namespace) !== undefined;
  if (certificate === undefined) {
    return isTenants ? [] : [{
      path: [...path, "certificate"],
      message: "missing, expected one of the platform's certificates",
    }];
  }
  const all = certificatesOf(platform);
  const names = all[certificate]?.hosts ?? hosts;
  return [
    ...refer(
      [...path, "certificate"],
      certificate,
      within(all, namespace).map(([name]) => name),
      `certificate in namespace ${namespace}`,
    ),
    ...hosts.flatMap((host, index) =>
      isCertified(host, names) ? [] : [{
        path: [...path, "hosts", index],
        message: `certificate ${certificate} is not for ${host}, expected one of ${
          names.join(", ")
        }`,
      }]
    ),
  ];
}

/** Envoy holds a body back until it knows its size, which that of a WebSocket never is. */
function checkBuffering(path: Path, route: Route, platform: Platform): Mistake[] {
  const limit = route.middlewares.find((name) => platform.middlewares[name]?.bodyLimit);
  const isHeldBack = route.websocket === true && limit !== undefined &&
    platform.ingress?.controller === "envoy-gateway";
  return isHeldBack
    ? [{ path, message: `${limit} buffers requests, expected no bodyLimit with websocket` }]
    : [];
}

/** Who only hands on encrypted bytes can neither read nor change what is in them. */
function checkPassthrough(path: Path, route: Route): Mistake[] {
  const keys = ["certificate", "tlsOptions", "paths", "authentication"] as const;
  return [
    ...keys.filter((key) => route[key] !== undefined),
    ...(route.middlewares.length > 0 ? ["middlewares"] : []),
  ].map((key) => ({
    path: [...path, key],
    message: "given, but tlsPassthrough leaves all of the connection to the service, expected none",
    atKey: true,
  }));
}
