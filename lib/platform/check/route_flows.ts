import { flowPairs } from "../flow_pairs.ts";
import { ingressEnd } from "../ingress.ts";
import { workloadsOf } from "../apps/parts.ts";
import type { Mistake } from "../mistake.ts";
import { authenticationOf, routesOf } from "../routes.ts";
import type { Platform } from "../types.ts";
import { vaultOfService } from "../vaults.ts";

/** A route whose requests a network policy would drop is a mistake that shows only as a time-out. */
export function checkRoutesArrive(platform: Platform): Mistake[] {
  const { ingress, namespaces } = platform;
  if (ingress === undefined) return [];
  const from = ingressEnd(ingress);
  const allowed = new Set(
    flowPairs(platform).filter((pair) => pair.from === from).map(({ to }) => to),
  );
  return Object.entries(routesOf(platform)).flatMap(([name, route]) => {
    const section = platform.routes[name] === undefined ? "oauth2Proxies" : "routes";
    const path = [section, name];
    const asked = authenticationOf(platform, route);
    return [
      { at: [...path, section === "routes" ? "service" : "namespace"], ...route },
      ...(route.paths ?? []).map(({ service }, index) => ({
        at: [...path, "paths", index, "service"],
        service,
        namespace: route.namespace,
      })),
      ...(asked === undefined ? [] : [{
        at: [...path, "authentication"],
        service: asked.service,
        namespace: asked.namespace ?? route.namespace,
      }]),
    ].flatMap(({ at, service, namespace }) => {
      if (namespaces[namespace]?.defaultDeny !== true) return [];
      const target = targetOf(platform, namespace, service);
      if (target === undefined || allowed.has(target)) return [];
      return [{
        path: at,
        message:
          `namespace ${namespace} denies what no flow allows, expected a flow from ${from} to ${target}`,
      }];
    });
  });
}

function targetOf(platform: Platform, namespace: string, service: string): string | undefined {
  const workload = Object.entries(workloadsOf(platform)).find(([, candidate]) =>
    candidate.namespace === namespace && service in candidate.services
  );
  if (workload !== undefined) return workload[0];
  if (platform.oauth2Proxies[service]?.namespace === namespace) return service;
  return vaultOfService(platform, namespace, service);
}
