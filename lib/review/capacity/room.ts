import { parseQuantity } from "../../core/units.ts";
import { controlPlaneLabel, type DeclaredNode, hostnameLabel } from "../../platform/nodes.ts";
import { selects } from "../selector.ts";
import type { Amounts } from "./amounts.ts";
import type { Demand } from "./wanted.ts";
import { apartTerms } from "./demand.ts";
import { freeDisk, k3sOverhead, longhornCpu, maxPods } from "./overhead.ts";

/** A node, and what of it is free. */
export interface Room {
  /** The node. */
  node: DeclaredNode;
  /** All of its labels. */
  labels: Readonly<Record<string, string>>;
  /** What pods may have of it in all. */
  available: Amounts;
  /** What is left. */
  free: Amounts;
  /** Disk that is left, in bytes. */
  freeDisk: number;
  /** Pods that it has. */
  pods: Demand[];
}

/** What of each node pods may have: what k3s needs itself, and Longhorn where it is there, is taken off. */
export function emptyRooms(
  nodes: readonly DeclaredNode[],
  { longhorn }: { longhorn: boolean },
): Room[] {
  const servers = nodes.filter(({ role }) => role === "server").length;
  return nodes.map((node) => {
    const { name, role, cpu, memory, storage } = node;
    const overhead =
      k3sOverhead[role === "agent" ? "agent" : servers > 1 ? "etcdServer" : "server"];
    const cores = parseQuantity(cpu);
    const available = {
      cpu: cores - overhead.cpu - (longhorn ? longhornCpu * cores : 0),
      memory: parseQuantity(memory) - overhead.memory,
    };
    return {
      node,
      labels: {
        ...node.labels,
        [hostnameLabel]: name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...(role === "server" ? { [controlPlaneLabel]: "true" } : {}),
      },
      available,
      free: { ...available },
      freeDisk: parseQuantity(storage) * (1 - freeDisk),
      pods: [],
    };
  });
}

/** Rooms that can be filled without changing these. */
export function copyRooms(rooms: readonly Room[]): Room[] {
  return rooms.map((room) => ({ ...room, free: { ...room.free }, pods: [...room.pods] }));
}

/**
 * Why a room cannot take a pod; undefined when it can.
 * Source: Kubernetes, "Assigning Pods to Nodes", "Taints and Tolerations", "Pod Topology Spread Constraints".
 */
export function refusal(
  room: Room,
  demand: Demand,
  rooms: readonly Room[],
  localBytes: number,
): string | undefined {
  if (!isEligible(room, demand)) return "is not for it";
  if (room.pods.length >= maxPods) return `has ${maxPods} pods already`;
  if (isTooNear(room, demand, rooms)) return "has one of its kind already";
  if (isUneven(room, demand, rooms)) return "would be uneven";
  const { requests } = demand.needs;
  // Sums of decimal fractions of cores are a little off.
  const short = [
    ...(requests.cpu > room.free.cpu + 1e-9 ? ["CPU"] : []),
    ...(requests.memory > room.free.memory ? ["memory"] : []),
    ...(localBytes > room.freeDisk ? ["disk"] : []),
  ];
  return short.length === 0 ? undefined : `has too little ${short.join(" and ")}`;
}

/** Put a pod into a room. */
export function take(room: Room, demand: Demand, localBytes: number): void {
  const { requests } = demand.needs;
  room.free.cpu -= requests.cpu;
  room.free.memory -= requests.memory;
  room.freeDisk -= localBytes;
  room.pods.push(demand);
}

/** Whether pods may be on a node by its labels and taints. */
export function isEligible({ node, labels }: Room, { spec }: Demand): boolean {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;
  return selects({ matchLabels: spec.nodeSelector ?? {} }, labels) &&
    (terms === undefined || terms.some((term) => selects(term, labels))) &&
    node.taints.filter(({ effect }) => effect !== "PreferNoSchedule").every((taint) =>
      (spec.tolerations ?? []).some(({ key, operator = "Equal", value, effect }) =>
        (effect === undefined || effect === taint.effect) &&
        (key === undefined ||
          key === taint.key && (operator === "Exists" || (value ?? "") === (taint.value ?? "")))
      )
    );
}

/** Whether a pod, or one that is there already, insists on distance. */
function isTooNear(room: Room, demand: Demand, rooms: readonly Room[]): boolean {
  const near = (key: string) =>
    rooms.filter(({ labels }) => labels[key] !== undefined && labels[key] === room.labels[key])
      .flatMap(({ pods }) => pods);
  const own = apartTerms(demand.spec).some(({ labelSelector, topologyKey }) =>
    near(topologyKey).some((other) =>
      other.namespace === demand.namespace && selects(labelSelector ?? {}, other.labels)
    )
  );
  const others = rooms.flatMap(({ pods }) => pods).some((other) =>
    apartTerms(other.spec).some(({ labelSelector, topologyKey }) =>
      other.namespace === demand.namespace && selects(labelSelector ?? {}, demand.labels) &&
      near(topologyKey).includes(other)
    )
  );
  return own || others;
}

/** Whether a hard spread constraint would be broken. */
function isUneven(room: Room, demand: Demand, rooms: readonly Room[]): boolean {
  return (demand.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
    .some(({ topologyKey, maxSkew, labelSelector }) => {
      const own = room.labels[topologyKey];
      if (own === undefined) return true;
      const counts = new Map<string, number>();
      for (const each of rooms) {
        const place = each.labels[topologyKey];
        if (place === undefined || !isEligible(each, demand)) continue;
        const here = each.pods.filter((other) =>
          other.namespace === demand.namespace && selects(labelSelector ?? {}, other.labels)
        );
        counts.set(place, (counts.get(place) ?? 0) + here.length);
      }
      return (counts.get(own) ?? 0) + 1 - Math.min(...counts.values()) > maxSkew;
    });
}
