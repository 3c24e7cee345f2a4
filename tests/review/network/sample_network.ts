import type { Manifest } from "../../../lib/core/object.ts";
import type { AddressEndpoint, PodEndpoint } from "../../../lib/review/network/endpoint.ts";

/** Pods of an app in a namespace that has its name as a label, as Kubernetes gives it. */
export function pods(
  namespace: string,
  app: string,
  changes: Partial<PodEndpoint> = {},
): PodEndpoint {
  return {
    kind: "pods",
    name: `${namespace}/${app}`,
    namespace,
    namespaceLabels: { "kubernetes.io/metadata.name": namespace },
    labels: { app },
    ports: [],
    ...changes,
  };
}

/** Addresses outside of the cluster. */
export function addresses(...cidrs: string[]): AddressEndpoint {
  return { kind: "addresses", name: cidrs.join(), cidrs };
}

/** A NetworkPolicy; without a name it is called after what it is about. */
export function policy(namespace: string, spec: unknown, name = "some"): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace, name },
    spec,
  };
}
