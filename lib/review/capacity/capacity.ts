import { type Manifest, refOf, subjectOf } from "../../core/object.ts";
import { formatBytes, parseQuantity } from "../../core/units.ts";
import { type DeclaredNode, nodesOf } from "../../platform/nodes.ts";
import type { Platform } from "../../platform/types.ts";
import { volumeClaims } from "../claims.ts";
import { countsOf } from "../replicas.ts";
import { type View, viewOf } from "../view.ts";
import { type Amounts, type PodNeeds, sum, times } from "./amounts.ts";
import { type Demand, demandsOf } from "./demand.ts";
import { placeCopies, type VolumeRow } from "./disks.ts";
import {
  type Homeless,
  type LayoutOf,
  localBytes,
  place,
  type Placement,
  placeOnEach,
} from "./place.ts";
import { emptyRooms, isEligible, type Room } from "./room.ts";
import { volumeLayout } from "./storage.ts";

/** What the pods of one object take. */
export interface PodRow {
  /** The object, as messages name it. */
  subject: string;
  /** Fewest pods. */
  least: number;
  /** Most pods, those of a rollout left aside. */
  most: number;
  /** Pods that a rollout adds for a while. */
  surge: number;
  /** What each needs. */
  each: PodNeeds;
  /** Whether they come and go. */
  passing: boolean;
}

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
  /** What cannot move away from it because its volumes are there. */
  pinned: string[];
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
  /** Workloads whose rollout finds no place for another pod. */
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
    least: total(({ least }) => least),
    most: total(({ most }) => most),
    available: sum(...base.rooms.map(({ available }) => available)),
    rooms: now.rooms,
    now: fitOf(now, base),
    peak: fitOf(peak, base),
    stuckRollouts: steady.filter(({ surge, spec }) => surge > 0 && !isOneANode(spec))
      .filter((demand) => place(now.rooms, [{ demand, pods: 1 }], layoutOf).homeless.length > 0)
      .map(({ object }) => subjectOf(object)),
    losses: nodes.map((node) => lossOf(node, nodes, now, filled, layoutOf)),
  };
}

/** With required distance a rollout on full nodes waits for a pod to go, which `maxUnavailable` decides; no room is lacking. */
function isOneANode({ affinity }: Demand["spec"]): boolean {
  return affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
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
  const homeless = placed.homeless;
  const controlPlane = node.role === "server" &&
    !others.some(({ role }) => role === "server");
  return {
    node: node.name,
    homeless,
    short: base.short,
    pinned: [...new Set(pinned.map(({ object }) => subjectOf(object)))],
    controlPlane,
    fewerCopies: base.fewerCopies,
    fits: homeless.length === 0 && pinned.length === 0 && base.short.length === 0 &&
      !controlPlane,
  };
}

function podRow(demand: Demand, rooms: readonly Room[]): PodRow {
  const { object, least, most, surge, needs, passing, perNode } = demand;
  const nodes = rooms.filter((room) => isEligible(room, demand)).length;
  return {
    subject: subjectOf(object),
    least: perNode ? nodes : least,
    most: perNode ? nodes : most,
    surge,
    each: needs,
    passing,
  };
}

function volumeRows(view: View, demands: readonly Demand[], layoutOf: LayoutOf): VolumeRow[] {
  const claimed = volumeClaims(view).map(({ object, claim, size, storageClass }) => ({
    subject: `${subjectOf(refOf(object))}${claim === undefined ? "" : `: ${claim}`}`,
    count: claim === undefined ? 1 : countsOf(object, view)?.most ?? 1,
    size,
    storageClass,
  }));
  const ofCharts = demands.filter(({ object }) => object.kind === "HelmChart").flatMap((demand) =>
    demand.volumes.map(({ name, size, storageClass }) => ({
      subject: `${subjectOf(demand.object)}: ${name}`,
      count: demand.most,
      size,
      storageClass,
    }))
  );
  return [...claimed, ...ofCharts].map(({ subject, count, size, storageClass }) => {
    const layout = layoutOf(storageClass);
    const bytes = parseQuantity(size);
    const copies = layout.kind === "replicated" ? layout.copies : layout.kind === "local" ? 1 : 0;
    return {
      subject,
      storageClass: storageClass ?? "default",
      layout,
      count,
      bytes,
      rawBytes: bytes * count * copies,
    };
  });
}
