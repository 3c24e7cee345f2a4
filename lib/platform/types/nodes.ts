/** Sections of a platform about the machines it runs on. */
export interface NodeSections {
  /** Groups of like nodes, by name; unknown when empty. */
  nodes: Record<string, NodeGroup>;
}

/** Like nodes of a cluster. They are named after the group: `<group>-1`, `<group>-2` and so on. */
export interface NodeGroup {
  /** Number of nodes. */
  count: number;
  /** `server` runs the control plane and pods, `agent` pods only. Source: k3s, "Architecture". */
  role: "server" | "agent";
  /** Cores of each node, such as `8`. */
  cpu: string;
  /** Memory of each node, such as `16Gi`. */
  memory: string;
  /** Disk of each node, for images and volumes, such as `500G`. */
  storage: string;
  /** Labels besides those that k3s sets itself. */
  labels?: Record<string, string>;
  /** What keeps pods off that do not tolerate it. */
  taints?: NodeTaint[];
  /** Zones that the nodes stand in, in turn. */
  zones?: string[];
}

/** A taint of a node. Source: k8s.io/api, core/v1 Taint. */
export interface NodeTaint {
  /** Key. */
  key: string;
  /** Value. */
  value?: string;
  /** What becomes of pods that do not tolerate it. */
  effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}
