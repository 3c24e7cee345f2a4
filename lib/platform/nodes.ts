import type { NodeTaint, Platform } from "./types.ts";

/** Label with the zone of a node. Source: Kubernetes, "Well-Known Labels, Annotations and Taints". */
export const zoneLabel = "topology.kubernetes.io/zone";

/** Label of nodes that run the control plane, with the value `true`, as k3s sets it. Source: k3s, pkg/util/labels.go. */
export const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

/** Label with the name of a node. Source: Kubernetes, "Well-Known Labels, Annotations and Taints". */
export const hostnameLabel = "kubernetes.io/hostname";

/** One node that a platform declares. */
export interface DeclaredNode {
  /** Its name. */
  name: string;
  /** Whether it runs the control plane. */
  role: "server" | "agent";
  /** Cores, as a quantity. */
  cpu: string;
  /** Memory, as a quantity. */
  memory: string;
  /** Disk, as a quantity. */
  storage: string;
  /** Labels besides those that each node of a k3s cluster has. */
  labels: Record<string, string>;
  /** Taints. */
  taints: readonly NodeTaint[];
}

/** All nodes that a platform declares, group by group. */
export function nodesOf({ nodes }: Pick<Platform, "nodes">): DeclaredNode[] {
  return Object.entries(nodes).flatMap(([group, options]) => {
    const { count, role, cpu, memory, storage, labels, taints = [], zones } = options;
    return Array.from({ length: count }, (_, index): DeclaredNode => ({
      name: `${group}-${index + 1}`,
      role,
      cpu,
      memory,
      storage,
      labels: {
        ...labels,
        ...(zones === undefined ? {} : { [zoneLabel]: zones[index % zones.length]! }),
      },
      taints,
    }));
  });
}
