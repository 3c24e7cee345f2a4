import type { ForwardAuth } from "../../../lib/platform/types.ts";

/** URL by which a service is asked whether a request may pass. `routeNamespace` is where it lives unless it says otherwise. */
export function addressOf(
  { service, namespace, port, path }: ForwardAuth,
  routeNamespace: string,
): string {
  const host = `${service}.${namespace ?? routeNamespace}.svc`;
  return `http://${host}${port === 80 ? "" : `:${port}`}${path}`;
}

/** Name of the middleware by which a route asks the OAuth2 Proxy of this name. */
export function authenticationName(proxy: string): string {
  return `authenticated-by-${proxy}`;
}
