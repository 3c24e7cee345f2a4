import { backupId, fileName, recordSuffix } from "../../backup/names.ts";
import { type BackupObject, type BackupRecord, writeRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { elapsedMs, type Progress } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { Store } from "../../store/store.ts";
import { clearAbandoned } from "./abandoned.ts";
import type { BackupLease } from "./lease.ts";
import { adoptObject, tidyMs, writeObject } from "./objects.ts";
import type { BackupItem } from "./item.ts";
import { tool } from "./tool.ts";

/** Where a backup goes. */
export interface BackupPlace {
  /** The store. */
  store: Store;
  /** age recipients; none where it is stored in the clear. */
  recipients: readonly string[];
  /** Keeps other runs away. */
  lease: BackupLease;
}

/**
 * Make one backup: its objects are written and read back, and its record is written last, while this run still has the
 * lease. Of one that fails the objects are removed again, where the store lets them be.
 */
export async function backUp(
  { source, take }: BackupItem,
  { store, recipients, lease }: BackupPlace,
  progress: Progress,
  context: Context,
): Promise<BackupRecord> {
  const { signal } = lease;
  const startedAt = context.now();
  const id = backupId(startedAt, context.random);
  const nameOf = (suffix: string) => fileName(source, { id, suffix });
  const objects: BackupObject[] = [];
  const keep = (object: BackupObject) => {
    objects.push(object);
    return object;
  };
  await clearAbandoned(store, source, { ...context, signal });
  try {
    const { details } = await take({
      id,
      startedAt,
      progress,
      signal,
      nameOf,
      adopt: async (suffix) => keep(await adoptObject(store, { source, id, suffix }, { signal })),
      write: async (suffix, plain, { compression } = {}) => {
        const onBytes = everyStep((total) => progress(formatBytes(total)));
        const wanted = { source, id, suffix, plain, recipients, onBytes, compression };
        return keep(await writeObject(store, wanted, { signal }));
      },
    });
    await lease.check();
    signal.throwIfAborted();
    const record: BackupRecord = {
      format: 1,
      ...source,
      id,
      createdAt: startedAt.round({ smallestUnit: "millisecond" }).toString(),
      durationMs: elapsedMs(startedAt, context),
      tool,
      objects,
      recipients: [...recipients],
      details,
    };
    const text = new TextEncoder().encode(writeRecord(record));
    // Whether a record is there whose write failed is not known: then its objects must stay.
    const written = objects.splice(0);
    await store.put(nameOf(recordSuffix), text, { ifAbsent: true, signal });
    return { ...record, objects: written };
  } catch (error) {
    // Keys that may only add refuse this; without a record it is no backup anyway.
    for (const { suffix } of objects) {
      await store.delete(nameOf(suffix), { signal: AbortSignal.timeout(tidyMs) }).catch(() => {});
    }
    throw error;
  }
}

/** How often progress is told, in bytes. */
const progressBytes = 16 * 1024 * 1024;

/** Calls only for the first bytes, and then once a step. */
function everyStep(tell: (total: number) => void): (total: number) => void {
  let next = 0;
  return (total) => {
    if (total < next) return;
    next = total + progressBytes;
    tell(total);
  };
}
