import { parseQuantity } from "../../core/units.ts";
import type { DeclaredNode } from "../../platform/nodes.ts";
import { freeDisk, longhornReserved } from "./overhead.ts";
import type { VolumeLayout } from "./storage.ts";

/** Volumes of one kind, and what they take of the nodes' disks. */
export interface VolumeRow {
  /** What has them, such as `StatefulSet data/mongodb: data`. */
  subject: string;
  /** Name of the class. */
  storageClass: string;
  /** How they lie on disks. */
  layout: VolumeLayout;
  /** How many. */
  count: number;
  /** Size of each, in bytes. */
  bytes: number;
  /** What they take of all disks, in bytes. */
  rawBytes: number;
}

/** What volumes take of a set of nodes. */
export interface DiskVerdict {
  /** What Longhorn puts on each node, in bytes. */
  longhornBytes: Map<string, number>;
  /** Copies that find no room, in bytes. */
  missingBytes: number;
  /** Copies that volumes want, where there are fewer nodes; otherwise 0. */
  fewerCopies: number;
}

/** What all volumes take of disks, with their copies. */
export function rawBytes(rows: readonly VolumeRow[]): number {
  return rows.reduce((total, row) => total + row.rawBytes, 0);
}

/** What volumes may take of all disks. */
export function usableBytes(nodes: readonly DeclaredNode[]): number {
  return nodes.reduce((total, { storage }) => total + parseQuantity(storage) * (1 - freeDisk), 0);
}

/** Put the copies of replicated volumes onto the emptiest disks, the greatest first, never two of one on a node. */
export function placeCopies(
  rows: readonly VolumeRow[],
  nodes: readonly DeclaredNode[],
): DiskVerdict {
  const left = new Map(
    nodes.map(({ name, storage }) => [name, parseQuantity(storage) * (1 - longhornReserved)]),
  );
  const longhornBytes = new Map(nodes.map(({ name }) => [name, 0]));
  const sorted = [...rows].sort((a, b) => b.bytes - a.bytes);
  let missing = 0;
  for (const { layout, count, bytes } of sorted) {
    if (layout.kind !== "replicated") continue;
    for (let volume = 0; volume < count; volume++) {
      const emptiest = [...left].sort((a, b) => b[1] - a[1]).slice(0, layout.copies)
        .filter(([, free]) => free >= bytes);
      for (const [name, free] of emptiest) {
        left.set(name, free - bytes);
        longhornBytes.set(name, longhornBytes.get(name)! + bytes);
      }
      missing += Math.max(0, Math.min(layout.copies, nodes.length) - emptiest.length) * bytes;
    }
  }
  const copies = Math.max(
    0,
    ...rows.map(({ layout }) => layout.kind === "replicated" ? layout.copies : 0),
  );
  return { longhornBytes, missingBytes: missing, fewerCopies: copies > nodes.length ? copies : 0 };
}
