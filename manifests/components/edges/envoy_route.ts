import type { Manifest } from "../../../lib/core/object.ts";
import { gatewaysOf, usualGatewayName } from "../../../lib/platform/ingress.ts";
import {
  authenticationOf,
  routesOf,
  tenantCertificate,
  tenantOf,
} from "../../../lib/platform/routes.ts";
import type { Platform, Route } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { HttpRoute, TlsRoute } from "../types.ts";
import { type Attachment, routePolicies } from "./envoy_policy.ts";
import { listenerSet } from "./listener_set.ts";
import { passedBy } from "./middlewares.ts";
import { responseHeaders } from "./response_headers.ts";

type RouteSpec = NonNullable<HttpRoute["spec"]>;
type Rule = NonNullable<RouteSpec["rules"]>[number];
type ParentRef = NonNullable<RouteSpec["parentRefs"]>[number];

/**
 * HTTPRoutes for all routes, on the listeners of their tenant or on some of their own, and the policies of Envoy
 * Gateway that do what middlewares say.
 */
export function envoyRoutes(platform: Platform): Manifest[] {
  return Object.entries(routesOf(platform)).flatMap(([name, route]) => {
    const gateway = gatewayOf(route, platform);
    return route.tlsPassthrough === true
      ? passthrough(name, route, gateway, platform)
      : routed(name, route, gateway, platform);
  });
}

/** Name of the gateway that a route's requests come by. */
function gatewayOf({ namespace }: Route, platform: Platform): string {
  return tenantOf(platform, namespace)?.[1].gateway ?? usualGatewayName(platform) ?? "";
}

function routed(name: string, route: Route, gateway: string, platform: Platform): Manifest[] {
  const { namespace, hosts, paths = [], certificate } = route;
  const asked = authenticationOf(platform, route);
  const askedNamespace = asked?.namespace ?? namespace;
  const parentRefs = [parentOf(name, route, platform)];
  const { headers } = passedBy(route.middlewares, platform.middlewares);
  const setsHeaders: NonNullable<Rule["filters"]> = headers === undefined ? [] : [{
    type: "ResponseHeaderModifier",
    responseHeaderModifier: {
      set: Object.entries(responseHeaders(headers)).map(([name, value]) => ({ name, value })),
    },
  }];
  const attachment: Attachment = { name, route, asked, gateway: gatewaysOf(platform)[gateway]! };
  return [
    ...(certificate === undefined ? [] : [listenerSet(name, {
      namespace,
      gateway: { name: gateway, namespace: gatewaysOf(platform)[gateway]!.namespace },
      hosts,
      certificate,
      routesFrom: [namespace, askedNamespace],
    })]),
    httpRoute(name, namespace, {
      parentRefs,
      hostnames: [...hosts],
      rules: [
        ...paths.map(({ path, service, port, stripPrefix }) => ({
          matches: [{ path: { type: "PathPrefix" as const, value: path } }],
          filters: [...setsHeaders, ...(stripPrefix === true ? [withoutPrefix] : [])],
          backendRefs: [{ name: service, port }],
        })),
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          filters: setsHeaders,
          backendRefs: [{ name: route.service, port: route.port }],
        },
      ],
    }),
    ...(asked?.signIn === undefined ? [] : [
      // A route of its own, since the policy that asks holds for whole routes.
      httpRoute(`${name}-sign-in`, askedNamespace, {
        parentRefs,
        hostnames: [...hosts],
        rules: [{
          matches: [{ path: { type: "PathPrefix", value: asked.signIn.path } }],
          backendRefs: [{ name: asked.service, port: asked.port }],
        }],
      }),
    ]),
    ...routePolicies(attachment, platform),
  ];
}

const withoutPrefix: NonNullable<Rule["filters"]>[number] = {
  type: "URLRewrite",
  urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
};

/** The listeners that a route's certificate is on: its own, or those of its tenant. */
function parentOf(name: string, route: Route, platform: Platform): ParentRef {
  const tenant = route.certificate === undefined && route.tlsPassthrough !== true
    ? tenantOf(platform, route.namespace)
    : undefined;
  return {
    group: "gateway.networking.k8s.io",
    kind: "ListenerSet",
    name: tenant?.[0] ?? name,
    namespace: tenant?.[1].namespaces[0] ?? route.namespace,
  };
}

function httpRoute(name: string, namespace: string, spec: RouteSpec): Manifest {
  return define<HttpRoute>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: {
      ...spec,
      rules: spec.rules?.map(({ filters, ...rule }) => ({
        ...rule,
        filters: filters === undefined || filters.length === 0 ? undefined : filters,
      })),
    },
  });
}

function passthrough(name: string, route: Route, gateway: string, platform: Platform): Manifest[] {
  const { namespace, hosts, service, port } = route;
  return [
    listenerSet(name, {
      namespace,
      gateway: { name: gateway, namespace: gatewaysOf(platform)[gateway]!.namespace },
      hosts,
      routesFrom: [namespace],
    }),
    define<TlsRoute>({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "TLSRoute",
      metadata: { name, namespace },
      spec: {
        parentRefs: [parentOf(name, route, platform)],
        hostnames: [...hosts],
        rules: [{ backendRefs: [{ name: service, port }] }],
      },
    }),
  ];
}

/** Listeners of a tenant: its domain and all names below it, open to routes of its own namespaces. */
export function tenantListeners(name: string, platform: Platform): Manifest {
  const { domain, namespaces, gateway = usualGatewayName(platform) ?? "" } = platform
    .tenants[name]!;
  return listenerSet(name, {
    namespace: namespaces[0]!,
    gateway: { name: gateway, namespace: gatewaysOf(platform)[gateway]!.namespace },
    hosts: [domain, `*.${domain}`],
    certificate: tenantCertificate(name),
    routesFrom: { domain },
  });
}
