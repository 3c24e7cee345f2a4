import type { Manifest } from "../../../lib/core/object.ts";
import {
  oauth2ProxyKeys,
  oauth2ProxyPorts,
  oauth2ProxyServicePort,
} from "../../../lib/platform/oauth2_proxy.ts";
import type { OAuth2Proxy, Workload } from "../../../lib/platform/types.ts";
import { workload } from "../workload/workload.ts";

/** An OAuth2 Proxy: its pods and their Service. Source: OAuth2 Proxy, "Configuration", environment variables. */
export function oauth2Proxy(name: string, options: OAuth2Proxy, domain: string): Manifest[] {
  return workload(name, workloadOf(name, options, domain));
}

function workloadOf(name: string, options: OAuth2Proxy, domain: string): Workload {
  const { namespace, image, replicas, resources, secret } = options;
  return {
    namespace,
    image,
    replicas,
    resources,
    env: {
      ...environment(options, domain),
      ...Object.fromEntries(oauth2ProxyKeys.map((key) => [key, { secret, key }])),
    },
    ports: oauth2ProxyPorts,
    services: {
      [name]: { ports: { http: oauth2ProxyServicePort, metrics: oauth2ProxyPorts.metrics } },
    },
    probes: { liveness: { path: "/ping" }, readiness: { path: "/ready" } },
    metrics: { port: "metrics" },
    spread: { antiAffinity: "preferred" },
    ...(replicas > 1 ? { disruptionBudget: { maxUnavailable: 1 } } : {}),
  };
}

function environment(options: OAuth2Proxy, domain: string): Record<string, string> {
  const { github, oidc, upstream, hosts = [], namespace, signedInHours } = options;
  const settings: Record<string, string | undefined> = {
    PROVIDER: github === undefined ? "oidc" : "github",
    GITHUB_ORG: github?.organization,
    GITHUB_TEAM: github?.teams?.join(","),
    GITHUB_USERS: github?.users?.join(","),
    OIDC_ISSUER_URL: oidc?.issuerUrl,
    ALLOWED_GROUPS: oidc?.groups?.join(","),
    // Who may pass is said by organization, users or groups; addresses may be of any domain.
    EMAIL_DOMAINS: "*",
    HTTP_ADDRESS: `0.0.0.0:${oauth2ProxyPorts.http}`,
    METRICS_ADDRESS: `0.0.0.0:${oauth2ProxyPorts.metrics}`,
    // Envoy takes nothing but 200 for a yes.
    UPSTREAMS: upstream === undefined
      ? "static://200"
      : `http://${upstream.service}.${upstream.namespace ?? namespace}.svc:${upstream.port}`,
    REDIRECT_URL: hosts.length === 1 ? `https://${hosts[0]}/oauth2/callback` : undefined,
    // Pages to return to after signing in, on other hosts than the proxy's own.
    WHITELIST_DOMAINS: upstream === undefined ? `.${domain}` : undefined,
    REVERSE_PROXY: "true",
    SET_XAUTHREQUEST: "true",
    SKIP_PROVIDER_BUTTON: "true",
    COOKIE_SECURE: "true",
    COOKIE_SAMESITE: "lax",
    COOKIE_EXPIRE: `${signedInHours}h`,
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      value === undefined ? [] : [[`OAUTH2_PROXY_${key}`, value]]
    ),
  );
}
