import { parseDuration } from "../../core/units.ts";
import { gatewaysOf, usualGatewayName } from "../ingress.ts";
import type { Mistake, Path } from "../mistake.ts";
import { tenantOf } from "../routes.ts";
import type { Gateway, Ingress, Platform, Route } from "../types.ts";
import { refer } from "./reference.ts";

/** Periods of rate limits that a controller can count by, in seconds; all when absent. */
const periods: Partial<Record<Ingress["controller"], readonly number[]>> = {
  nginx: [1, 60],
  "envoy-gateway": [1, 60, 3600],
};

/** What requests pass must be declared, and be something that the controller can do. */
export function checkMiddlewares(path: Path, route: Route, platform: Platform): Mistake[] {
  return [
    ...checkNames([...path, "middlewares"], route.middlewares, platform),
    ...checkTlsOptions([...path, "tlsOptions"], route, platform),
  ];
}

/** Names in a list of middlewares. */
export function checkNames(path: Path, names: readonly string[], platform: Platform): Mistake[] {
  const { middlewares, ingress } = platform;
  const allowed = periods[ingress?.controller ?? "traefik"];
  const kinds = names.map((name) => Object.keys(middlewares[name] ?? {})[0]);
  return names.flatMap((name, index) => {
    const at = [...path, index];
    const unknown = refer(at, name, Object.keys(middlewares), "middleware");
    if (unknown.length > 0 || allowed === undefined) return unknown;
    const { rateLimit } = middlewares[name]!;
    const first = kinds.indexOf(kinds[index]);
    return [
      ...(rateLimit !== undefined && !allowed.includes(parseDuration(rateLimit.period) / 1000)
        ? [{
          path: at,
          message: `${ingress!.controller} cannot count requests by ${rateLimit.period}, expected ${
            ["1s", "1m", "1h"].slice(0, allowed.length).join(" or ")
          }`,
        }]
        : []),
      ...(first < index
        ? [{
          path: at,
          message: `${kinds[index]} is given by ${names[first]} already, expected one: ${
            ingress!.controller
          } knows no second`,
        }]
        : []),
    ];
  });
}

function checkTlsOptions(path: Path, route: Route, platform: Platform): Mistake[] {
  const { tlsOptions } = route;
  if (tlsOptions === undefined) return [];
  const unknown = refer(path, tlsOptions, Object.keys(platform.tlsOptions), "entry of tlsOptions");
  if (unknown.length > 0) return unknown;
  const { controller } = platform.ingress ?? {};
  if (controller === "nginx" && platform.tlsOptions[tlsOptions]!.minVersion !== "VersionTLS12") {
    return [{
      path,
      message: "nginx has one oldest version for all hosts, ssl-protocols in its ConfigMap, " +
        "expected options with VersionTLS12",
    }];
  }
  const gateway = controller === "envoy-gateway" ? gatewayOf(route, platform) : undefined;
  return gateway?.tlsOptions === undefined || gateway.tlsOptions === tlsOptions ? [] : [{
    path,
    message:
      `the gateway has ${gateway.tlsOptions} for all its hosts, expected ${gateway.tlsOptions} or none`,
  }];
}

function gatewayOf({ namespace }: Route, platform: Platform): Gateway | undefined {
  const name = tenantOf(platform, namespace)?.[1].gateway ?? usualGatewayName(platform);
  return gatewaysOf(platform)[name ?? ""];
}
