import { type Manifest, subjectOf } from "../../core/object.ts";
import { formatBytes } from "../../core/units.ts";
import { type DeclaredNode, nodesOf } from "../../platform/nodes.ts";
import type { Platform } from "../../platform/types.ts";
import { viewOf } from "../view.ts";
import { type Amounts, type PodNeeds, sum, times } from "./amounts.ts";
import type { Demand } from "./wanted.ts";
import { demandsOf } from "./demand.ts";
import { placeCopies, type VolumeRow } from "./disks.ts";
import {
  type Homeless,
  type LayoutOf,
  localBytes,
  place,
  type Placement,
  placeOnEach,
} from "./place.ts";
import { emptyRooms, type Room } from "./room.ts";
import { type PodRow, podRow, type StoreRow, storeRows, volumeRows } from "./rows.ts";
import { volumeLayout } from "./storage.ts";

/** Whether all that is wanted has its place on some nodes. */
export interface Fit {
  /** Whether everything has. */
  fits: boolean;
  /** Pods without a place, with the reason. */
  homeless: Homeless[];
  /** What is wrong with disks. */
  short: string[];
}

/** What remains when one node is lost. */
export interface Loss extends Fit {
  /** Name of the node. */
  node: string;
  /** Pods that cannot move away from it because their volumes are there, such as `1 of 4 pods of StatefulSet shop/db`. */
  pinned: string[];
  /** Whether there is no other node. */
  only: boolean;
  /** Whether it is the only one that runs the control plane. */
  controlPlane: boolean;
  /** Copies that volumes want and can no longer have; 0 when they can. */
  fewerCopies: number;
}

/** What a platform takes, and what its nodes have. */
export interface Capacity {
  /** Rows, those that take most first. */
  pods: PodRow[];
  /** Volumes, those that take most first. */
  volumes: VolumeRow[];
  /** Object stores with erasure coding. */
  stores: StoreRow[];
  /** All pods at their fewest, jobs left aside. */
  least: PodNeeds;
  /** All pods at their most, jobs included. */
  most: PodNeeds;
  /** What the nodes can give to pods; none where the platform declares no nodes. */
  available: Amounts;
  /** The nodes, filled with the fewest pods. */
  rooms: Room[];
  /** Whether the fewest pods fit. */
  now: Fit;
  /** Whether the most pods fit. */
  peak: Fit;
  /** Workloads whose rollout finds no place for the pod that it must add first. */
  stuckRollouts: string[];
  /** What remains when each of the nodes is lost. */
  losses: Loss[];
}

/** Add up what a platform takes, and try to put it onto its nodes. */
export function capacityOf(manifests: readonly Manifest[], platform: Platform): Capacity {
  const view = viewOf(manifests, platform);
  const nodes = nodesOf(platform);
  const layoutOf: LayoutOf = (storageClass) => volumeLayout(storageClass, manifests, platform);
  const demands = demandsOf(view);
  const volumes = volumeRows(view, demands, layoutOf);
  const filled = (on: readonly DeclaredNode[]) => fill(on, demands, volumes, layoutOf);
  const base = filled(nodes);
  const steady = demands.filter(({ perNode, passing }) => !perNode && !passing);
  const now = place(base.rooms, steady.map((demand) => ({ demand, pods: demand.least })), layoutOf);
  const peak = place(
    base.rooms,
    demands.filter(({ perNode }) => !perNode)
      .map((demand) => ({ demand, pods: demand.most })),
    layoutOf,
  );
  const rows = demands.map((demand) => podRow(demand, base.rooms));
  const total = (count: (row: PodRow) => number): PodNeeds => ({
    requests: sum(...rows.map((row) => times(count(row), row.each.requests))),
    limits: sum(...rows.map((row) => times(count(row), row.each.limits))),
  });
  return {
    pods: rows.sort((a, b) => b.least * b.each.requests.memory - a.least * a.each.requests.memory),
    volumes: volumes.sort((a, b) => b.rawBytes - a.rawBytes),
    stores: storeRows(platform),
    least: total(({ least }) => least),
    most: total(({ most }) => most),
    available: sum(...base.rooms.map(({ available }) => available)),
    rooms: now.rooms,
    now: fitOf(now, base),
    peak: fitOf(peak, base),
    stuckRollouts: nodes.length === 0 ? [] : steady.filter(({ surge }) => surge > 0)
      .filter((demand) => place(now.rooms, [{ demand, pods: 1 }], layoutOf).homeless.length > 0)
      .map(({ object }) => subjectOf(object)),
    losses: nodes.map((node) => lossOf(node, nodes, now, filled, layoutOf)),
  };
}

interface Base extends Placement {
  short: string[];
  fewerCopies: number;
}

/** Nodes with what is on each of them: copies of volumes, and one pod of each DaemonSet. */
function fill(
  nodes: readonly DeclaredNode[],
  demands: readonly Demand[],
  volumes: readonly VolumeRow[],
  layoutOf: LayoutOf,
): Base {
  const longhorn = volumes.some(({ layout }) => layout.kind === "replicated");
  const { longhornBytes, missingBytes, fewerCopies } = placeCopies(volumes, nodes);
  const short = missingBytes === 0
    ? []
    : [`Longhorn has no room for copies of ${formatBytes(missingBytes)}`];
  const rooms = emptyRooms(nodes, { longhorn }).map((room) => ({
    ...room,
    freeDisk: room.freeDisk - (longhornBytes.get(room.node.name) ?? 0),
  }));
  return { ...placeOnEach(rooms, demands, layoutOf), short, fewerCopies };
}

function fitOf(placement: Placement, base: Base): Fit {
  const homeless = [...base.homeless, ...placement.homeless];
  const { fewerCopies, rooms } = base;
  const short = rooms.length === 0 || fewerCopies === 0 ? base.short : [
    ...base.short,
    `volumes want ${fewerCopies} copies on different nodes, and there ${
      rooms.length === 1 ? "is one node" : `are ${rooms.length} nodes`
    }`,
  ];
  return { fits: homeless.length === 0 && short.length === 0, homeless, short };
}

/** Pods of the other nodes stay where they are; those of the lost one look for a new place. */
function lossOf(
  node: DeclaredNode,
  nodes: readonly DeclaredNode[],
  now: Placement,
  filled: (nodes: readonly DeclaredNode[]) => Base,
  layoutOf: LayoutOf,
): Loss {
  const others = nodes.filter((other) => other !== node);
  const base = filled(others);
  const lost = now.rooms.find((room) => room.node === node)?.pods ?? [];
  const moving = lost.filter(({ perNode }) => !perNode);
  const pinned = moving.filter((demand) => localBytes(demand, layoutOf) > 0);
  const free = moving.filter((demand) => !pinned.includes(demand));
  const rest = now.rooms.filter((room) => room.node !== node);
  const placed = place(
    rest,
    [...Map.groupBy(free, (demand) => demand)].map(([demand, pods]) => ({
      demand,
      pods: pods.length,
    })),
    layoutOf,
  );
  const homeless = placed.homeless.map((each) => ({ ...each, of: each.demand.least }));
  const controlPlane = node.role === "server" &&
    !others.some(({ role }) => role === "server");
  return {
    node: node.name,
    homeless,
    short: base.short,
    pinned: [...Map.groupBy(pinned, (demand) => demand)].map(([{ object, least }, pods]) =>
      `${pods.length} of ${least} ${least === 1 ? "pod" : "pods"} of ${subjectOf(object)}`
    ),
    only: others.length === 0,
    controlPlane,
    fewerCopies: base.fewerCopies,
    fits: homeless.length === 0 && pinned.length === 0 && base.short.length === 0 &&
      !controlPlane,
  };
}
