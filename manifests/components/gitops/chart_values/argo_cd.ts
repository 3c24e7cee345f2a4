import { stringify } from "yaml";
import type { ArgoCdLogin, ArgoCdValues } from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Source: argoproj/argo-helm, charts/argo-cd values.yaml. */
export function argoCd(options: ArgoCdValues): HelmValues {
  const { host, oidc, server, repoServer, controller, highlyAvailableRedis, metrics } = options;
  const measured = metrics ? { enabled: true, serviceMonitor: { enabled: true } } : undefined;
  return {
    // Names as in Argo CD's own manifests, which its documentation uses.
    fullnameOverride: "argocd",
    crds: { install: false },
    global: { domain: host },
    configs: {
      // TLS ends at the route.
      params: { "server.insecure": true },
      cm: oidc && { "oidc.config": oidcConfig(oidc) },
      rbac: oidc && {
        "policy.default": "role:readonly",
        "policy.csv": oidc.adminGroups.map((group) => `g, ${group}, role:admin\n`).join(""),
        scopes: "[groups]",
      },
    },
    server: { ...server, metrics: measured },
    repoServer: { ...repoServer, metrics: measured },
    controller: { ...controller, metrics: measured },
    "redis-ha": { enabled: highlyAvailableRedis },
  };
}

/** The secret stays in its Secret: Argo CD itself puts it in place of `$name:key`. */
function oidcConfig({ name, issuer, clientId, clientSecret }: ArgoCdLogin): string {
  return stringify({
    name,
    issuer,
    clientID: clientId,
    clientSecret: `$${clientSecret.secret}:${clientSecret.key}`,
    requestedScopes: ["openid", "profile", "email", "groups"],
  });
}
