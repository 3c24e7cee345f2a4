import type { Manifest } from "../../../lib/core/object.ts";
import type {
  Middleware as MiddlewareOptions,
  Platform,
  Route,
  TlsOptions,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { IngressRoute, Middleware, TlsOption } from "../types.ts";

const redirect = "redirect-to-https";

/**
 * IngressRoutes for all routes, with the middlewares and TLS options that they name. Traefik lets a route use
 * only what is in its own namespace, so these are made in each namespace that needs them.
 * Source: Traefik, "Kubernetes IngressRoute" and its allowCrossNamespace.
 */
export function routes(
  platform: Pick<Platform, "routes" | "middlewares" | "tlsOptions">,
): Manifest[] {
  const byNamespace = Map.groupBy(
    Object.values(platform.routes),
    ({ namespace }) => namespace,
  );
  return [
    ...Object.entries(platform.routes).flatMap(([name, route]) => ingressRoutes(name, route)),
    ...[...byNamespace].flatMap(([namespace, inNamespace]) => [
      redirectMiddleware(namespace),
      ...distinct(inNamespace.flatMap(({ middlewares }) => middlewares)).map((name) =>
        middleware(name, namespace, platform.middlewares[name]!)
      ),
      ...distinct(inNamespace.map(({ tlsOptions }) => tlsOptions)).map((name) =>
        tlsOption(name, namespace, platform.tlsOptions[name]!)
      ),
    ]),
  ];
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function ingressRoutes(name: string, route: Route): Manifest[] {
  const match = route.hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
  const services = [{ name: route.service, port: route.port }];
  return [
    define<IngressRoute>({
      apiVersion: "traefik.io/v1alpha1",
      kind: "IngressRoute",
      metadata: { name, namespace: route.namespace },
      spec: {
        entryPoints: ["websecure"],
        routes: [{
          kind: "Rule",
          match,
          priority: route.priority,
          middlewares: route.middlewares.map((middleware) => ({ name: middleware })),
          services,
        }],
        tls: {
          secretName: route.certificate,
          options: { name: route.tlsOptions, namespace: route.namespace },
        },
      },
    }),
    define<IngressRoute>({
      apiVersion: "traefik.io/v1alpha1",
      kind: "IngressRoute",
      metadata: { name: `${name}-redirect`, namespace: route.namespace },
      spec: {
        entryPoints: ["web"],
        routes: [{
          kind: "Rule",
          match,
          // Below every other, so that HTTP-01 challenges still arrive over plain HTTP.
          priority: 1,
          middlewares: [{ name: redirect }],
          services,
        }],
      },
    }),
  ];
}

function redirectMiddleware(namespace: string): Manifest {
  return define<Middleware>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "Middleware",
    metadata: { name: redirect, namespace },
    spec: { redirectScheme: { scheme: "https", permanent: true } },
  });
}

/** A Traefik Middleware in one namespace. */
export function middleware(
  name: string,
  namespace: string,
  { rateLimit, headers, cors }: MiddlewareOptions,
): Manifest {
  return define<Middleware>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "Middleware",
    metadata: { name, namespace },
    spec: {
      rateLimit: rateLimit && { ...rateLimit },
      headers: (headers && {
        stsSeconds: headers.hstsSeconds,
        stsIncludeSubdomains: headers.hstsIncludeSubdomains,
        frameDeny: headers.frameDeny,
        contentTypeNosniff: headers.contentTypeNosniff,
        browserXssFilter: headers.browserXssFilter,
        referrerPolicy: headers.referrerPolicy,
        permissionsPolicy: headers.permissionsPolicy,
      }) ?? (cors && {
        accessControlAllowOriginList: [...cors.origins],
        accessControlAllowMethods: [...cors.methods],
        accessControlAllowHeaders: [...cors.headers],
        accessControlAllowCredentials: cors.credentials,
        accessControlMaxAge: cors.maxAgeSeconds,
        // Without it, a cache could hand the answer for one origin to another.
        addVaryHeader: true,
      }),
    },
  });
}

/** A Traefik TLSOption in one namespace. */
export function tlsOption(name: string, namespace: string, options: TlsOptions): Manifest {
  return define<TlsOption>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "TLSOption",
    metadata: { name, namespace },
    spec: {
      minVersion: options.minVersion,
      cipherSuites: options.cipherSuites,
      sniStrict: true,
    },
  });
}
