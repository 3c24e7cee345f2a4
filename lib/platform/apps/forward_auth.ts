import type { ForwardAuth, Platform } from "../types.ts";
import { identityProviderPort } from "./authentik.ts";

/** Where Authentik's embedded outpost answers, on hosts of programs too. Source: Authentik, "Forward auth". */
const outpost = "/outpost.goauthentik.io";

const controllers = { traefik: "traefik", nginx: "nginx", "envoy-gateway": "envoy" } as const;

/** Clients of identity providers that routes can name as their `authentication`. */
export function forwardAuthClients(
  { identityProviders }: Pick<Platform, "identityProviders">,
): string[] {
  return Object.values(identityProviders).flatMap(({ clients }) =>
    Object.keys(clients).filter((client) => clients[client]!.forwardAuth !== undefined)
  );
}

/** How the ingress controller asks an identity provider about the requests for one of its clients. */
export function clientForwardAuth(
  { identityProviders, ingress }: Pick<Platform, "identityProviders" | "ingress">,
  client: string,
): ForwardAuth | undefined {
  const found = Object.entries(identityProviders).find(([, { clients }]) =>
    clients[client]?.forwardAuth !== undefined
  );
  if (found === undefined) return undefined;
  const [service, { namespace }] = found;
  return {
    service,
    namespace,
    port: identityProviderPort,
    path: `${outpost}/auth/${controllers[ingress?.controller ?? "traefik"]}`,
    responseHeaders: [
      "X-authentik-username",
      "X-authentik-groups",
      "X-authentik-email",
      "X-authentik-name",
      "X-authentik-uid",
    ],
    signIn: { path: outpost, start: `${outpost}/start` },
    forwardedHost: true,
  };
}
