import { domainLabel } from "../../../lib/core/labels.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { define } from "../manifest.ts";
import type { ListenerSet } from "../types.ts";

type Listener = ListenerSet["spec"]["listeners"][number];

/** Listeners that are added to a gateway. */
export interface ListenerSetOptions {
  /** Namespace of the set and of its certificate. */
  namespace: string;
  /** The gateway. */
  gateway: { name: string; namespace: string };
  /** Hosts, a listener for each; `*.example.org` stands for all names below a domain. */
  hosts: readonly string[];
  /** Secret with the certificate for all of them; without one, encrypted connections are handed on. */
  certificate?: string;
  /** Whose routes may use the listeners: these namespaces, or those with the label of a domain. */
  routesFrom: readonly string[] | { domain: string };
}

/** A ListenerSet, by which hosts are served without a change of the Gateway. Source: Gateway API 1.5, ListenerSet. */
export function listenerSet(name: string, options: ListenerSetOptions): Manifest {
  const { namespace, gateway, hosts, certificate, routesFrom } = options;
  const allowedRoutes = { namespaces: allowed(namespace, routesFrom) };
  return define<ListenerSet>({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "ListenerSet",
    metadata: { name, namespace },
    spec: {
      parentRef: { group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway },
      listeners: hosts.map((hostname): Listener => ({
        name: hostname.replace(/^\*/, "any"),
        hostname,
        port: 443,
        ...(certificate === undefined ? { protocol: "TLS", tls: { mode: "Passthrough" } } : {
          protocol: "HTTPS",
          tls: {
            mode: "Terminate",
            certificateRefs: [{ group: "", kind: "Secret", name: certificate }],
          },
        }),
        allowedRoutes,
      })),
    },
  });
}

function allowed(
  own: string,
  from: ListenerSetOptions["routesFrom"],
): NonNullable<Listener["allowedRoutes"]>["namespaces"] {
  if ("domain" in from) {
    return { from: "Selector", selector: { matchLabels: { [domainLabel]: from.domain } } };
  }
  const values = [...new Set(from)];
  if (values.every((namespace) => namespace === own)) return { from: "Same" };
  return {
    from: "Selector",
    selector: {
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }],
    },
  };
}
