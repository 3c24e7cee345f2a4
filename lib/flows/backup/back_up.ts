import { backupId, fileName, folderOf, recordSuffix } from "../../backup/names.ts";
import { type BackupObject, type BackupRecord, writeRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { elapsedMs, type Progress } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import { StoreError } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import type { BackupLease } from "./lease.ts";
import { adoptObject, writeObject } from "./objects.ts";
import type { BackupItem } from "./run.ts";
import { tool } from "./tool.ts";
import { warn } from "./warn.ts";

/** Unfinished writes older than this are nobody's any more. */
const abandonedAfter = { hours: 24 };

/** How long a run that failed may take to put its own objects away, in milliseconds. */
const tidyMs = 10_000;

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
  { source, label, take }: BackupItem,
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
  await sweep(store, folderOf(source), label, { ...context, signal });
  const onBytes = everyStep((total) => progress(formatBytes(total)));
  try {
    const { details } = await take({
      id,
      startedAt,
      progress,
      signal,
      nameOf,
      adopt: async (suffix) => keep(await adoptObject(store, { source, id, suffix }, { signal })),
      write: async (suffix, plain, { compression } = {}) => {
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

/** What is in the way of clearing up is not in the way of a backup. */
async function sweep(store: Store, folder: string, label: string, context: Context): Promise<void> {
  const before = (store.now?.() ?? context.now()).subtract(abandonedAfter);
  try {
    await store.sweep(folder, before, { signal: context.signal });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof StoreError)) throw error;
    warn(`what killed backups of ${label} left was not cleared`, error, context);
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
