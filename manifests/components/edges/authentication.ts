import type { ForwardAuth } from "../../../lib/platform/types.ts";

/** URL by which a service is asked whether a request may pass. `routeNamespace` is where it lives unless it says otherwise. */
export function addressOf(
  { service, namespace, port, path }: ForwardAuth,
  routeNamespace: string,
): string {
  // In full, since nginx asks the DNS server itself, past the search list of pods.
  const host = `${service}.${namespace ?? routeNamespace}.svc.cluster.local`;
  return `http://${host}${port === 80 ? "" : `:${port}`}${path}`;
}
