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
  /** Whose routes may use the listeners. */
  allowedRoutes: Listener["allowedRoutes"];
}

/** A ListenerSet, by which hosts are served without a change of the Gateway. Source: Gateway API 1.5, ListenerSet. */
export function listenerSet(name: string, options: ListenerSetOptions): Manifest {
  const { namespace, gateway, hosts, certificate, allowedRoutes } = options;
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

/** Routes of some namespaces; the first is the set's own. */
export function allowedFrom(namespaces: readonly string[]): Listener["allowedRoutes"] {
  const others = new Set(namespaces);
  if (others.size === 1) return { namespaces: { from: "Same" } };
  return {
    namespaces: {
      from: "Selector",
      selector: {
        matchExpressions: [{
          key: "kubernetes.io/metadata.name",
          operator: "In",
          values: [...others],
        }],
      },
    },
  };
}
