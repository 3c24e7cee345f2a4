import { refOf, subjectOf } from "../../core/object.ts";
import { parseQuantity } from "../../core/units.ts";
import { erasureLayout, minioUsableBytes } from "../../platform/minio.ts";
import type { Platform } from "../../platform/types.ts";
import { volumeClaims } from "../claims.ts";
import { countsOf } from "../replicas.ts";
import type { View } from "../view.ts";
import type { PodNeeds } from "./amounts.ts";
import type { Demand } from "./wanted.ts";
import type { VolumeRow } from "./disks.ts";
import type { LayoutOf } from "./place.ts";
import { isEligible, type Room } from "./room.ts";

/** What the pods of one object take. */
export interface PodRow {
  /** The object, as messages name it. */
  subject: string;
  /** Fewest pods. */
  least: number;
  /** Most pods, those of a rollout left aside. */
  most: number;
  /** Pods that a rollout must add before it may take one away. */
  surge: number;
  /** What each needs. */
  each: PodNeeds;
  /** Whether they come and go. */
  passing: boolean;
}

/** What an object store on the platform's own drives can hold. */
export interface StoreRow {
  /** Name of the store. */
  name: string;
  /** Drives that hold parity, of each set. */
  parity: number;
  /** Drives of each set. */
  setSize: number;
  /** All drives together, in bytes. */
  driveBytes: number;
  /** What objects may take, in bytes. */
  usableBytes: number;
}

/** What the pods of one object take; of a DaemonSet one for each node that it may be on. */
export function podRow(demand: Demand, rooms: readonly Room[]): PodRow {
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

/** All object stores that MinIO makes of drives. */
export function storeRows({ minio }: Platform): StoreRow[] {
  return Object.entries(minio).flatMap(([name, options]) => {
    const layout = erasureLayout(options);
    const usableBytes = minioUsableBytes(options);
    if (layout === undefined || usableBytes === undefined) return [];
    const { drives, parity, setSize } = layout;
    const driveBytes = drives * parseQuantity(options.storage.size);
    return [{ name, parity, setSize, driveBytes, usableBytes }];
  });
}

/** All volumes: those of claims, of operators and of charts. */
export function volumeRows(
  view: View,
  demands: readonly Demand[],
  layoutOf: LayoutOf,
): VolumeRow[] {
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
