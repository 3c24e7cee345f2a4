import type { Manifest } from "../core/object.ts";
import { simulatedNodeAnnotation, simulatedNodeValue } from "./nodes/names.ts";

/** A simulated node, as somebody wants it. */
export interface LocalNode {
  /** Its name. */
  name: string;
  /** `server` for a node of the control plane. */
  role: "server" | "agent";
  /** Cores, as a quantity. */
  cpu: string;
  /** Memory, as a quantity. */
  memory: string;
  /** Disk, as a quantity. */
  storage: string;
  /** Labels besides those that k3s sets itself. @default none */
  labels?: Readonly<Record<string, string>>;
  /** Taints. @default none */
  taints?: readonly LocalTaint[];
}

/** A taint of a node. Source: k8s.io/api, core/v1 Taint. */
export interface LocalTaint {
  /** Key. */
  key: string;
  /** Value. */
  value?: string;
  /** What becomes of pods that do not tolerate it. */
  effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Annotation with the {@linkcode LocalNode} that a simulated node was made of, as JSON. */
export const nodeRecordAnnotation = "slipway.dev/node";

/** So many like nodes, of which the first one is the control plane's. */
export function defaultNodes(count: number): LocalNode[] {
  return Array.from({ length: count }, (_, index): LocalNode => ({
    name: `node-${index + 1}`,
    role: index === 0 ? "server" : "agent",
    cpu: "4",
    memory: "8Gi",
    storage: "100Gi",
  }));
}

/**
 * A simulated node, labelled as k3s labels its nodes.
 * Source: "Well-Known Labels, Annotations and Taints" in the Kubernetes documentation, and k3s, pkg/util/labels.go.
 */
export function simulatedNode(node: LocalNode, kubernetesVersion: string): Manifest {
  const { name, taints = [] } = node;
  const resources = resourcesOf(node);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: {
        [simulatedNodeAnnotation]: simulatedNodeValue,
        [nodeRecordAnnotation]: recordOf(node),
      },
      labels: labelsOf(node),
    },
    ...(taints.length === 0 ? {} : { spec: { taints: taints.map((taint) => ({ ...taint })) } }),
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

/** What a node can give. k3s sets nothing aside, so all of it is allocatable. */
export function resourcesOf({ cpu, memory, storage }: LocalNode): Record<string, string> {
  return { cpu, memory, pods: "110", "ephemeral-storage": storage };
}

/** All labels of a node. */
export function labelsOf({ name, role, labels }: LocalNode): Record<string, string> {
  return {
    ...labels,
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/instance-type": "k3s",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": "k3s",
    ...(role === "server" ? { "node-role.kubernetes.io/control-plane": "true" } : {}),
  };
}

/** A node as text that is the same whenever the node is. */
export function recordOf(node: LocalNode): string {
  const { name, role, cpu, memory, storage, labels = {}, taints = [] } = node;
  const sorted = Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify({
    name,
    role,
    cpu,
    memory,
    storage,
    labels: Object.fromEntries(sorted),
    taints: taints.map(({ key, value, effect }) => ({ key, value, effect })),
  });
}
