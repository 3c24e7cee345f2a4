import type { Manifest } from "../../../lib/core/object.ts";
import { ingressClass } from "../../../lib/platform/ingress.ts";
import { authenticationOf, routesOf } from "../../../lib/platform/routes.ts";
import type { Platform, Route, RoutePath } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ConfigMap, Ingress } from "../types.ts";
import { passedBy } from "./middlewares.ts";
import { nginxAnnotations, prefixed } from "./nginx_annotations.ts";
import { responseHeaders } from "./response_headers.ts";
import { stripName } from "./route_names.ts";

/** Ingresses for all routes, with what their middlewares say as annotations of ingress-nginx. */
export function nginxRoutes(platform: Platform): Manifest[] {
  return Object.entries(routesOf(platform)).flatMap(([name, route]) =>
    route.tlsPassthrough === true
      ? [passthrough(name, route, platform)]
      : ingresses(name, route, platform)
  );
}

function ingresses(name: string, route: Route, platform: Platform): Manifest[] {
  const { namespace, paths = [] } = route;
  const passed = passedBy(route.middlewares, platform.middlewares);
  const headers = passed.headers && responseHeaders(passed.headers);
  const headersName = `${name}-response-headers`;
  const asked = authenticationOf(platform, route);
  const askHeaders = `${name}-authentication-headers`;
  const annotations = nginxAnnotations({
    ...passed,
    ...(asked === undefined ? {} : { forwardAuth: asked }),
    route,
    tlsOptions: platform.tlsOptions[route.tlsOptions ?? ""],
    headersFrom: headers && `${namespace}/${headersName}`,
    ...(asked?.forwardedHost === true ? { askWithHeadersFrom: `${namespace}/${askHeaders}` } : {}),
  });
  const tls = [{ hosts: [...route.hosts], secretName: route.certificate }];
  const kept = paths.filter(({ stripPrefix }) => stripPrefix !== true);
  const base = { platform, namespace, hosts: route.hosts, tls };
  return [
    ...(headers === undefined ? [] : [define<ConfigMap>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: headersName, namespace },
      data: headers,
    })]),
    ...(asked?.forwardedHost === true
      ? [define<ConfigMap>({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: askHeaders, namespace },
        data: { "X-Forwarded-Host": "$http_host" },
      })]
      : []),
    ingress(name, {
      ...base,
      annotations,
      paths: [...kept.map(prefixPath), prefixPath({ ...route, path: "/" })],
    }),
    ...paths.filter((path) => !kept.includes(path)).map((path) =>
      ingress(`${name}-${stripName(path.path)}`, {
        ...base,
        annotations: {
          ...annotations,
          ...prefixed({ "use-regex": "true", "rewrite-target": "/$2" }),
        },
        paths: [rewrittenPath(path)],
      })
    ),
    ...(asked?.signIn === undefined ? [] : [
      ingress(`${name}-sign-in`, {
        ...base,
        namespace: asked.namespace ?? namespace,
        // A host has one certificate, whichever Ingress names it; the Secret is in the route's namespace.
        tls: (asked.namespace ?? namespace) === namespace ? tls : undefined,
        annotations: prefixed({ "ssl-redirect": "true" }),
        paths: [prefixPath({ ...asked, path: asked.signIn.path })],
      }),
    ]),
  ];
}

type Path = NonNullable<
  NonNullable<NonNullable<NonNullable<Ingress["spec"]>["rules"]>[number]["http"]>["paths"]
>[number];

interface IngressOptions {
  platform: Platform;
  namespace: string;
  hosts: readonly string[];
  annotations: Record<string, string>;
  tls?: NonNullable<Ingress["spec"]>["tls"];
  paths: Path[];
}

function ingress(name: string, options: IngressOptions): Manifest {
  const { platform, namespace, hosts, annotations, tls, paths } = options;
  return define<Ingress>({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace, annotations },
    spec: {
      ingressClassName: platform.ingress && ingressClass(platform.ingress),
      tls,
      rules: hosts.map((host) => ({ host, http: { paths } })),
    },
  });
}

function prefixPath({ path, service, port }: Pick<RoutePath, "path" | "service" | "port">): Path {
  return {
    path,
    pathType: "Prefix",
    backend: { service: { name: service, port: { number: port } } },
  };
}

/** The part below the path is what `rewrite-target` keeps. Source: ingress-nginx, "Rewrite". */
function rewrittenPath({ path, service, port }: RoutePath): Path {
  return {
    path: `${path.replaceAll(".", "\\.")}(/|$)(.*)`,
    pathType: "ImplementationSpecific",
    backend: { service: { name: service, port: { number: port } } },
  };
}

/** The controller does this where it is started with --enable-ssl-passthrough. */
function passthrough(name: string, route: Route, platform: Platform): Manifest {
  return ingress(name, {
    platform,
    namespace: route.namespace,
    hosts: route.hosts,
    annotations: prefixed({ "ssl-passthrough": "true" }),
    paths: [prefixPath({ ...route, path: "/" })],
  });
}
