import type { Manifest } from "../../../lib/core/object.ts";
import { authenticationOf, routesOf } from "../../../lib/platform/routes.ts";
import type { Platform, Route } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { IngressRoute, IngressRouteTcp } from "../types.ts";
import { encryption, serversTransports } from "./traefik_transport.ts";
import { authenticationName, stripName } from "./route_names.ts";
import {
  middleware,
  redirect,
  redirectMiddleware,
  stripMiddleware,
  tlsOption,
} from "./traefik_middleware.ts";

/** What routes are made of. */
export type RouteSections = Pick<
  Platform,
  | "routes"
  | "oauth2Proxies"
  | "identityProviders"
  | "middlewares"
  | "tlsOptions"
  | "ingress"
  | "vaults"
  | "certificates"
  | "issuers"
>;

/**
 * IngressRoutes for all routes, with the middlewares and TLS options that they name. Traefik lets a route use
 * only what is in its own namespace, so these are made in each namespace that needs them.
 * Source: Traefik, "Kubernetes IngressRoute" and its allowCrossNamespace.
 */
export function traefikRoutes(platform: RouteSections): Manifest[] {
  const routes = Object.entries(routesOf(platform));
  const byNamespace = Map.groupBy(routes.map(([, route]) => route), ({ namespace }) => namespace);
  return [
    ...routes.flatMap(([name, route]) =>
      route.tlsPassthrough === true ? [passthrough(name, route)] : [
        secure(name, route, platform),
        plain(name, route),
        ...signIn(name, route, platform),
      ]
    ),
    ...[...byNamespace].flatMap(([namespace, inNamespace]) =>
      companions(namespace, inNamespace, platform)
    ),
  ];
}

/** Middlewares and TLS options of the routes in a namespace. */
function companions(
  namespace: string,
  routes: readonly Route[],
  platform: RouteSections,
): Manifest[] {
  const { middlewares } = platform;
  const asked = distinct(routes.map(({ authentication }) => authentication));
  const named = [
    ...routes.flatMap((route) => route.middlewares),
    ...asked.filter((name) => name in middlewares),
  ];
  const stripped = routes.flatMap(({ paths = [] }) =>
    paths.filter(({ stripPrefix }) => stripPrefix === true).map(({ path }) => path)
  );
  return [
    ...(routes.some(({ tlsPassthrough }) => tlsPassthrough !== true)
      ? [redirectMiddleware(namespace)]
      : []),
    ...distinct(named).map((name) => middleware(name, namespace, middlewares[name]!)),
    ...asked.filter((name) => !(name in middlewares)).map((name) =>
      middleware(authenticationName(name), namespace, {
        forwardAuth: authenticationOf(platform, { authentication: name })!,
      })
    ),
    ...distinct(stripped).map((path) => stripMiddleware(path, namespace)),
    ...serversTransports(namespace, routes, platform),
    ...distinct(routes.map(({ tlsOptions }) => tlsOptions)).map((name) =>
      tlsOption(name, namespace, platform.tlsOptions[name]!)
    ),
  ];
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names)].filter((name) => name !== undefined);
}

/** The route over HTTPS. */
function secure(name: string, route: Route, platform: RouteSections): Manifest {
  const { namespace, paths = [], priority, authentication } = route;
  const middlewares = [
    ...route.middlewares,
    ...(authentication === undefined ? [] : [
      authentication in platform.middlewares ? authentication : authenticationName(authentication),
    ]),
  ].map((middleware) => ({ name: middleware }));
  const match = hostsOf(route);
  return ingressRoute(name, namespace, "websecure", [
    ...paths.map(({ path, service, port, stripPrefix }) => ({
      match: `(${match}) && ${below(path)}`,
      // Above the route itself, and the longer path above the shorter.
      priority: priority === undefined ? undefined : priority + path.length,
      middlewares: stripPrefix === true ? [...middlewares, { name: stripName(path) }] : middlewares,
      services: [{ name: service, port, ...encryption(platform, namespace, service) }],
    })),
    {
      match,
      priority,
      middlewares,
      services: [{
        name: route.service,
        port: route.port,
        ...encryption(platform, namespace, route.service),
      }],
    },
  ], tlsOf(route));
}

/** Plain HTTP, which only redirects. */
function plain(name: string, route: Route): Manifest {
  return ingressRoute(`${name}-redirect`, route.namespace, "web", [{
    match: hostsOf(route),
    // Below every other, so that HTTP-01 challenges still arrive over plain HTTP.
    priority: 1,
    middlewares: [{ name: redirect }],
    services: [{ name: route.service, port: route.port }],
  }]);
}

/** Where people sign in, on the route's hosts; beside the service that asks them, the only one it may lead to. */
function signIn(name: string, route: Route, platform: RouteSections): Manifest[] {
  const asked = authenticationOf(platform, route);
  if (asked?.signIn === undefined) return [];
  const namespace = asked.namespace ?? route.namespace;
  const { path } = asked.signIn;
  return [ingressRoute(
    `${name}-sign-in`,
    namespace,
    "websecure",
    [{
      match: `(${hostsOf(route)}) && ${below(path)}`,
      priority: route.priority === undefined ? undefined : route.priority + path.length,
      middlewares: [],
      services: [{ name: asked.service, port: asked.port }],
    }],
    // The certificate is chosen by host, whichever route brought it.
    namespace === route.namespace ? tlsOf(route) : {},
  )];
}

type Spec = NonNullable<IngressRoute["spec"]>;
type Rule = Spec["routes"][number];

function ingressRoute(
  name: string,
  namespace: string,
  entryPoint: "web" | "websecure",
  rules: Omit<Rule, "kind">[],
  tls?: Spec["tls"],
): Manifest {
  return define<IngressRoute>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "IngressRoute",
    metadata: { name, namespace },
    spec: {
      entryPoints: [entryPoint],
      routes: rules.map((rule) => ({ kind: "Rule" as const, ...rule })),
      tls,
    },
  });
}

function tlsOf({ certificate, tlsOptions, namespace }: Route): Spec["tls"] {
  return {
    secretName: certificate,
    options: tlsOptions === undefined ? undefined : { name: tlsOptions, namespace },
  };
}

/** An encrypted connection is known by the name that the client asks for in the clear (SNI). */
function passthrough(name: string, { namespace, hosts, service, port }: Route): Manifest {
  return define<IngressRouteTcp>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "IngressRouteTCP",
    metadata: { name, namespace },
    spec: {
      entryPoints: ["websecure"],
      routes: [{
        match: hosts.map((host) => `HostSNI(\`${host}\`)`).join(" || "),
        services: [{ name: service, port }],
      }],
      tls: { passthrough: true },
    },
  });
}

function hostsOf({ hosts }: Route): string {
  return hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
}

/** A path and all below it; PathPrefix alone would take /apis for /api. */
function below(path: string): string {
  return `(Path(\`${path}\`) || PathPrefix(\`${path}/\`))`;
}
