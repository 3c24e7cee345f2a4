import { UsageError } from "../../core/errors.ts";
import { formatBytes, parseQuantity } from "../../core/units.ts";
import { simulatedCapacityAnnotation } from "./names.ts";
import type { Provisioner } from "./provisioners.ts";
import { hostnameLabel, type Node, type PersistentVolume, type StorageClass } from "./storage.ts";

/** How much a class can give. */
export interface Room {
  /** What is left, in bytes. */
  free: number;
  /** What there is, in bytes. */
  capacity: number;
  /** Where, as messages say it. */
  where: string;
  /** What the class's annotation says, where it has one. */
  fixed?: string;
}

/** Says that a class has not enough left for a size. */
export function sizeRefusal(
  title: string,
  size: string,
  { free, capacity, where, fixed }: Room,
): string {
  return `${title} cannot give ${size}: ${formatBytes(free)} of ${formatBytes(capacity)} ` +
    `${where} are free; claim less, or raise the class's annotation ${simulatedCapacityAnnotation}` +
    (fixed === undefined ? "" : `, which is ${fixed}`);
}

/** How much a class has left: on the node where its volumes live on one, else in all. */
export function room(
  storageClass: StorageClass,
  provisioner: Provisioner,
  node: Node | undefined,
  stock: { nodes: readonly Node[]; volumes: readonly PersistentVolume[] },
): Room {
  const fixed = storageClass.metadata.annotations?.[simulatedCapacityAnnotation];
  const local = provisioner.scope === "node" && node !== undefined;
  const disks = local ? [node] : stock.nodes;
  const capacity = fixed === undefined
    ? disks.reduce((sum, disk) => sum + diskBytes(disk), 0)
    : readCapacity(fixed);
  // A capacity that is given is what can be used, copies left aside.
  const copies = fixed === undefined ? copiesOf(provisioner, storageClass.parameters) : 1;
  // Classes of one driver that keeps copies share the disks of the nodes.
  const shared = provisioner.copies !== undefined && fixed === undefined;
  const used = stock.volumes
    .filter((volume) =>
      shared
        ? csiOf(volume)?.driver === storageClass.provisioner
        : volume.spec.storageClassName === storageClass.metadata.name
    )
    .filter((volume) => !local || livesOn(volume, node))
    .reduce((sum, volume) => {
      const each = shared ? copiesOf(provisioner, csiOf(volume)?.volumeAttributes) : copies;
      return sum + each * parseQuantity(volume.spec.capacity?.storage ?? "0");
    }, 0);
  return {
    free: Math.max(0, Math.floor((capacity - used) / copies)),
    capacity: Math.floor(capacity / copies),
    where: (local ? `on node ${node.metadata.name}` : "in all") +
      (copies === 1 ? "" : `, with ${copies} copies of each volume,`),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

/** How many copies of a volume its driver keeps. */
function copiesOf({ copies }: Provisioner, parameters: Record<string, string> = {}): number {
  if (copies === undefined) return 1;
  const given = Number(parameters[copies.parameter]);
  return Number.isInteger(given) && given > 0 ? given : copies.otherwise;
}

function csiOf({ spec }: PersistentVolume):
  | { driver?: string; volumeAttributes?: Record<string, string> }
  | undefined {
  return spec["csi"] as ReturnType<typeof csiOf>;
}

function diskBytes(node: Node): number {
  return parseQuantity(node.status?.capacity?.["ephemeral-storage"] ?? "100Gi");
}

/** Whether a volume lives on this node alone. */
export function livesOn(volume: PersistentVolume, node: Node): boolean {
  const hostname = node.metadata.labels?.[hostnameLabel] ?? node.metadata.name;
  const terms = volume.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.some((term) =>
    term.matchExpressions?.some(({ key, values }) =>
      key === hostnameLabel && values?.includes(hostname)
    )
  );
}

/** A capacity that nobody can read is none, so that the refusal shows it. */
function readCapacity(text: string): number {
  try {
    return parseQuantity(text);
  } catch (error) {
    if (error instanceof UsageError) return 0;
    throw error;
  }
}
