import type { ClusterClient } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import type { Manifest } from "../core/object.ts";
import { createIfAbsent } from "./converge_nodes.ts";

/**
 * The classes that a new k3s cluster has.
 * Source: k3s, manifests/local-storage.yaml, and the chart of Traefik that it installs.
 */
export const defaultClasses: readonly Manifest[] = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "local-path",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "rancher.io/local-path",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: {
      name: "traefik",
      annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
    },
    spec: { controller: "traefik.io/ingress-controller" },
  },
];

/** Create the classes that are missing; what is there is left as it is. */
export async function createDefaults(
  client: ClusterClient,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await mapConcurrently(
    defaultClasses,
    defaultClasses.length,
    (manifest) => createIfAbsent(client, manifest, signal),
  );
}
