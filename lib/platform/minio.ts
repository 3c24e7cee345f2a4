import { parseQuantity } from "../core/units.ts";
import type { Minio } from "./types.ts";

/** How MinIO lays out a store: every object is cut over the drives of one erasure set. */
export interface ErasureLayout {
  /** Drives in all. */
  drives: number;
  /** Drives of each erasure set. */
  setSize: number;
  /** Drives of a set that hold parity. */
  parity: number;
  /** Drives of a set that may be lost while its objects can be read. */
  readTolerance: number;
  /** Drives of a set that may be lost while objects can be written. */
  writeTolerance: number;
  /** Servers that may be lost while objects can be written. */
  serverTolerance: number;
}

/** Sizes that an erasure set may have. Source: MinIO, cmd/endpoint-ellipses.go, setSizes. */
const setSizes = { least: 2, most: 16 } as const;

/**
 * How MinIO lays out the drives of one pool, or undefined where it refuses to start.
 * Sources: MinIO, cmd/endpoint-ellipses.go, getSetIndexes and possibleSetCountsWithSymmetry;
 * internal/config/storageclass/storage-class.go, DefaultParityBlocks and validateParity.
 */
export function erasureLayout(
  { servers, drivesPerServer, parity: asked }: Pick<
    Minio,
    "servers" | "drivesPerServer" | "parity"
  >,
): ErasureLayout | undefined {
  const drives = servers * drivesPerServer;
  const setSize = drives === 1 ? 1 : largestSet(servers, drivesPerServer);
  if (setSize === undefined) return undefined;
  const parity = asked ?? defaultParity(setSize);
  if (parity > mostParity(setSize)) return undefined;
  // A write must leave one that can be told from another: with as many parity drives as others, one more is needed.
  const writeTolerance = parity === setSize - parity ? parity - 1 : parity;
  const drivesOfServer = Math.max(1, setSize / servers);
  return {
    drives,
    setSize,
    parity,
    readTolerance: parity,
    writeTolerance,
    serverTolerance: Math.floor(writeTolerance / drivesOfServer),
  };
}

/** The most drives of a set that may hold parity. */
export function mostParity(setSize: number): number {
  return Math.floor(setSize / 2);
}

/** Bytes that objects may take in a MinIO store, parity left out; undefined where it would not start. */
export function minioUsableBytes(
  options: Pick<Minio, "servers" | "drivesPerServer" | "parity" | "storage">,
): number | undefined {
  const layout = erasureLayout(options);
  if (layout === undefined) return undefined;
  const { drives, setSize, parity } = layout;
  return parseQuantity(options.storage.size) * drives * (setSize - parity) / setSize;
}

/**
 * The largest set that divides all drives and falls evenly on the servers. MinIO compares with the pattern
 * that stands first in its arguments: the servers, or with a single one its drives.
 */
function largestSet(servers: number, drivesPerServer: number): number | undefined {
  const pattern = servers > 1 ? servers : drivesPerServer;
  const drives = servers * drivesPerServer;
  for (let size: number = Math.min(drives, setSizes.most); size >= setSizes.least; size--) {
    const even = pattern > size ? pattern % size === 0 : size % pattern === 0;
    if (drives % size === 0 && even) return size;
  }
  return undefined;
}

function defaultParity(setSize: number): number {
  if (setSize === 1) return 0;
  return setSize < 4 ? 1 : setSize < 6 ? 2 : setSize < 8 ? 3 : 4;
}
