import { oauth2ProxyServicePort } from "./oauth2_proxy.ts";
import { clientForwardAuth } from "./apps/forward_auth.ts";
import type { Certificate, ForwardAuth, OAuth2Proxy, Platform, Route, Tenant } from "./types.ts";

/** All routes by name: those of the platform, and those of proxies that stand in front of a service. */
export function routesOf(
  platform: Pick<Platform, "routes" | "oauth2Proxies">,
): Record<string, Route> {
  const proxies = Object.entries(platform.oauth2Proxies).filter(([, { hosts }]) =>
    hosts !== undefined
  );
  return {
    ...platform.routes,
    ...Object.fromEntries(proxies.map(([name, proxy]) => [name, routeOf(name, proxy)])),
  };
}

function routeOf(name: string, proxy: OAuth2Proxy): Route {
  return {
    namespace: proxy.namespace,
    hosts: proxy.hosts ?? [],
    service: name,
    port: oauth2ProxyServicePort,
    middlewares: proxy.middlewares,
    certificate: proxy.certificate,
    tlsOptions: proxy.tlsOptions,
    // What is behind it may be a dashboard that keeps a connection open.
    websocket: true,
  };
}

/** The tenant to whom a namespace belongs, by name. */
export function tenantOf(
  { tenants }: Pick<Platform, "tenants">,
  namespace: string,
): [name: string, tenant: Tenant] | undefined {
  return Object.entries(tenants).find(([, { namespaces }]) => namespaces.includes(namespace));
}

/** Name of a tenant's certificate for its domain and all names below it. */
export function tenantCertificate(tenant: string): string {
  return `${tenant}-wildcard`;
}

/** All certificates by name: those of the platform, and one for each tenant. */
export function certificatesOf(
  platform: Pick<Platform, "certificates" | "tenants">,
): Record<string, Certificate> {
  return {
    ...platform.certificates,
    ...Object.fromEntries(
      Object.entries(platform.tenants).map(([name, tenant]) => [tenantCertificate(name), {
        namespace: tenant.namespaces[0]!,
        hosts: [tenant.domain, `*.${tenant.domain}`],
        issuer: tenant.issuer,
        renewBeforeDays: tenant.renewBeforeDays,
      }]),
    ),
  };
}

/** How a route's requests are let in: by the OAuth2 Proxy, middleware or client of an identity provider that it names. */
export function authenticationOf(
  platform: Pick<Platform, "oauth2Proxies" | "middlewares" | "ingress" | "identityProviders">,
  { authentication = "" }: Pick<Route, "authentication">,
): ForwardAuth | undefined {
  const proxy = platform.oauth2Proxies[authentication];
  if (proxy === undefined) {
    return platform.middlewares[authentication]?.forwardAuth ??
      clientForwardAuth(platform, authentication);
  }
  return {
    service: authentication,
    namespace: proxy.namespace,
    port: oauth2ProxyServicePort,
    // nginx takes 401 and redirects by itself; the others hand on what "/" answers, which is the redirect itself.
    // Source: OAuth2 Proxy, "Integration".
    path: platform.ingress?.controller === "nginx" ? "/oauth2/auth" : "/",
    responseHeaders: ["X-Auth-Request-User", "X-Auth-Request-Email", "X-Auth-Request-Groups"],
    signIn: { path: "/oauth2", start: "/oauth2/start" },
  };
}
