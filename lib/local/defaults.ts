import type { ClusterClient } from "../core/cluster.ts";
import { mapConcurrently } from "../core/concurrency.ts";
import { type Manifest, refOf } from "../core/object.ts";
import { hasReason } from "../core/status_error.ts";
import { simulatedNodeAnnotation, simulatedNodeValue } from "./nodes/names.ts";

/**
 * A simulated node with 4 cores and 8 GiB, labelled as k3s labels its nodes; the first one
 * is the control plane's.
 * Source: "Well-Known Labels, Annotations and Taints" in the Kubernetes documentation.
 */
export function simulatedNode(name: string, kubernetesVersion: string): Manifest {
  const resources = { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { [simulatedNodeAnnotation]: simulatedNodeValue },
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/instance-type": "k3s",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "k3s",
        ...(name === nodeNames(1)[0] ? { "node-role.kubernetes.io/control-plane": "true" } : {}),
      },
    },
    status: {
      capacity: resources,
      allocatable: resources,
      nodeInfo: {
        architecture: "amd64",
        bootID: "",
        containerRuntimeVersion: "simulated",
        kernelVersion: "simulated",
        kubeProxyVersion: "",
        kubeletVersion: kubernetesVersion,
        machineID: "",
        operatingSystem: "linux",
        osImage: "simulated",
        systemUUID: "",
      },
    },
  };
}

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

/** Names of so many simulated nodes. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

/** Create the nodes and classes that are missing; what is there is left as it is. */
export async function createDefaults(
  client: ClusterClient,
  nodes: readonly string[],
  options: { kubernetesVersion: string; signal: AbortSignal },
): Promise<void> {
  const { signal } = options;
  const wanted = [
    ...nodes.map((name) => simulatedNode(name, options.kubernetesVersion)),
    ...defaultClasses,
  ];
  await mapConcurrently(wanted, wanted.length, async (manifest) => {
    if (await client.get(refOf(manifest), { signal }) !== undefined) return;
    try {
      await client.create(manifest, { signal });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
  });
}
