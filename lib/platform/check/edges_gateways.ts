import { gatewaysOf, usualGatewayName } from "../ingress.ts";
import type { Mistake } from "../mistake.ts";
import { routesOf, tenantOf } from "../routes.ts";
import type { Platform, Tenant } from "../types.ts";
import { checkNames } from "./edges_middlewares.ts";
import { refer } from "./reference.ts";

/** Gateways and tenants must agree with namespaces, issuers and each other. */
export function checkGateways(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.gateways).flatMap(([name, { tlsOptions, middlewares }]) => [
      ...(tlsOptions === undefined ? [] : refer(
        ["gateways", name, "tlsOptions"],
        tlsOptions,
        Object.keys(platform.tlsOptions),
        "entry of tlsOptions",
      )),
      ...checkNames(["gateways", name, "middlewares"], middlewares, platform),
    ]),
    ...checkOneTls(platform),
    ...Object.entries(platform.tenants).flatMap(([name, tenant]) =>
      checkTenant(name, tenant, platform)
    ),
  ];
}

/** One Envoy has one set of TLS options for all hosts, so where it names none the routes must agree. */
function checkOneTls(platform: Platform): Mistake[] {
  if (platform.ingress?.controller !== "envoy-gateway") return [];
  const usual = usualGatewayName(platform);
  const routes = Object.entries(routesOf(platform)).filter(([, { tlsOptions }]) =>
    tlsOptions !== undefined
  );
  const byGateway = Map.groupBy(
    routes,
    ([, { namespace }]) => tenantOf(platform, namespace)?.[1].gateway ?? usual ?? "",
  );
  return [...byGateway].flatMap(([gateway, [first, ...others]]) => {
    if (first === undefined || gatewaysOf(platform)[gateway]?.tlsOptions !== undefined) return [];
    const wanted = first[1].tlsOptions;
    return others.filter(([, { tlsOptions }]) => tlsOptions !== wanted).map(([name]) => ({
      path: [name in platform.routes ? "routes" : "oauth2Proxies", name, "tlsOptions"],
      message: `route ${first[0]} has ${wanted} on the same gateway, expected ${wanted} or none`,
    }));
  });
}

function checkTenant(name: string, tenant: Tenant, platform: Platform): Mistake[] {
  const path = ["tenants", name];
  const { namespaces } = platform;
  return [
    ...(platform.ingress?.controller === "envoy-gateway" ? [] : [{
      path,
      message: `no gateway serves tenants, expected envoy-gateway as the controller of ingress`,
      atKey: true,
    }]),
    ...(tenant.gateway === undefined ? [] : refer(
      [...path, "gateway"],
      tenant.gateway,
      Object.keys(gatewaysOf(platform)),
      "gateway",
    )),
    ...tenant.namespaces.flatMap((namespace, index) => {
      const at = [...path, "namespaces", index];
      const unknown = refer(at, namespace, Object.keys(namespaces), "namespace");
      if (unknown.length > 0) return unknown;
      const found = namespaces[namespace]!.domain;
      const other = Object.entries(platform.tenants).find(([one, { namespaces }]) =>
        one !== name && namespaces.includes(namespace)
      );
      return [
        ...(found === tenant.domain ? [] : [{
          path: ["namespaces", namespace, "domain"],
          message: `${found ?? "missing"}, expected ${tenant.domain}, the domain of tenant ${name}`,
        }]),
        ...(other === undefined || other[0] < name ? [] : [{
          path: at,
          message: `${namespace} belongs to tenant ${other[0]} too, expected one tenant`,
        }]),
      ];
    }),
  ];
}
