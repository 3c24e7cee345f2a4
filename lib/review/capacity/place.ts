import { parseQuantity } from "../../core/units.ts";
import type { Demand } from "./wanted.ts";
import { apartTerms } from "./demand.ts";
import { copyRooms, isEligible, refusal, type Room, take } from "./room.ts";
import type { VolumeLayout } from "./storage.ts";

/** Pods that found no place. */
export interface Homeless {
  /** Whose they are. */
  demand: Demand;
  /** How many. */
  pods: number;
  /** How many were wanted. */
  of: number;
  /** What the nodes said. */
  because: string;
}

/** Where pods were put. */
export interface Placement {
  /** The nodes. */
  rooms: Room[];
  /** Pods that found no place. */
  homeless: Homeless[];
}

/** Pods that are wanted. */
export interface Wanted {
  /** Whose they are. */
  demand: Demand;
  /** How many. */
  pods: number;
}

/** How volumes of a class lie on disks. */
export type LayoutOf = (storageClass: string | undefined) => VolumeLayout;

/** One pod of each demand on each node that may have it: what DaemonSets do. */
export function placeOnEach(
  rooms: readonly Room[],
  demands: readonly Demand[],
  layoutOf: LayoutOf,
): Placement {
  const placed = copyRooms(rooms);
  const homeless = demands.filter(({ perNode }) => perNode).flatMap((demand): Homeless[] => {
    const eligible = placed.filter((room) => isEligible(room, demand));
    const refusals = eligible.flatMap((room) => {
      const because = refusal(room, demand, placed, localBytes(demand, layoutOf));
      if (because === undefined) take(room, demand, localBytes(demand, layoutOf));
      return because === undefined ? [] : [`${room.node.name} ${because}`];
    });
    return refusals.length === 0 ? [] : [{
      demand,
      pods: refusals.length,
      of: eligible.length,
      because: refusals.join(", "),
    }];
  });
  return { rooms: placed, homeless };
}

/**
 * Put pods onto nodes: those that need most first, each on the node with most room left, as the scheduler does; where
 * that leaves some without a place, each on the fullest that can take it. Neither is sure to find a place where there
 * is one, as nothing is in a reasonable time; the scheduler is no better.
 */
export function place(
  rooms: readonly Room[],
  wanted: readonly Wanted[],
  layoutOf: LayoutOf,
): Placement {
  const spread = attempt(rooms, wanted, layoutOf, (a, b) => b - a);
  if (spread.homeless.length === 0) return spread;
  const packed = attempt(rooms, wanted, layoutOf, (a, b) => a - b);
  return count(packed) < count(spread) ? packed : spread;
}

/** Bytes that a pod's volumes take of its node's own disk. */
export function localBytes({ volumes }: Demand, layoutOf: LayoutOf): number {
  return volumes.filter(({ storageClass }) => layoutOf(storageClass).kind === "local")
    .reduce((total, { size }) => total + parseQuantity(size), 0);
}

function attempt(
  rooms: readonly Room[],
  wanted: readonly Wanted[],
  layoutOf: LayoutOf,
  order: (a: number, b: number) => number,
): Placement {
  const placed = copyRooms(rooms);
  const sizes = [...wanted].sort((a, b) => weight(b, rooms) - weight(a, rooms));
  const homeless = sizes.flatMap(({ demand, pods }): Homeless[] => {
    const bytes = localBytes(demand, layoutOf);
    for (let index = 0; index < pods; index++) {
      const refusals = placed.map((room) => refusal(room, demand, placed, bytes));
      const open = placed.filter((_room, at) => refusals[at] === undefined)
        .sort((a, b) => order(roomLeft(a), roomLeft(b)));
      if (open[0] === undefined) {
        return [{ demand, pods: pods - index, of: pods, because: reasons(refusals) }];
      }
      take(open[0], demand, bytes);
    }
    return [];
  });
  return { rooms: placed, homeless };
}

/** Pods with conditions go first, then those that take the greatest part of a node. */
function weight({ demand }: Wanted, rooms: readonly Room[]): number {
  const most = (of: (room: Room) => number) => Math.max(1e-9, ...rooms.map(of));
  const { cpu, memory } = demand.needs.requests;
  const part = Math.max(
    cpu / most(({ available }) => available.cpu),
    memory / most(({ available }) => available.memory),
  );
  const bound = apartTerms(demand.spec).length > 0 ||
    (demand.spec.topologySpreadConstraints ?? []).length > 0 || demand.volumes.length > 0;
  return part + (bound ? 1_000 : 0);
}

function roomLeft({ free, available }: Room): number {
  return Math.min(free.cpu / available.cpu, free.memory / available.memory);
}

function reasons(refusals: readonly (string | undefined)[]): string {
  const counted = Map.groupBy(refusals, (because) => because ?? "");
  return [...counted].map(([because, all]) =>
    `${all.length} ${all.length === 1 ? "node" : "nodes"} ${
      all.length === 1 ? because : because.replace(/^is /, "are ").replace(/^has /, "have ")
    }`
  ).join(", ");
}

function count({ homeless }: Placement): number {
  return homeless.reduce((total, { pods }) => total + pods, 0);
}
