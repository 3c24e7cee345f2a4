import {
  backupId,
  type BackupSource,
  fileName,
  folderOf,
  recordSuffix,
} from "../../backup/names.ts";
import { type BackupObject, type BackupRecord, writeRecord } from "../../backup/record.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { elapsedMs, type Progress, step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { Store } from "../../store/store.ts";
import { adoptObject, writeObject } from "./objects.ts";
import { tool } from "./tool.ts";

/** What a source gets to make its backup with. */
export interface TakeTools {
  /** Id of the backup. */
  id: string;
  /** When it began. */
  startedAt: Temporal.Instant;
  /** Write an object of the backup: compress, encrypt, store and read it back. */
  write(
    suffix: string,
    plain: ByteStream,
    options?: { compression?: "zstd" },
  ): Promise<BackupObject>;
  /** Name in the store of an object of the backup. */
  nameOf(suffix: string): string;
  /** Take an object into the backup that the source wrote itself, under that name. */
  adopt(suffix: string): Promise<BackupObject>;
  /** Tells how far it has come, where bytes do not tell. */
  progress: Progress;
  /** Aborted when the run is interrupted, or its lease is lost. */
  signal: AbortSignal;
}

/** One thing that is to be backed up. */
export interface BackupItem {
  /** What it is in the store. */
  source: BackupSource;
  /** What messages call it, such as `database shop at db:5432`. */
  label: string;
  /** Makes its backup; what it returns goes into the record. A backup whose `take` throws does not exist. */
  take(tools: TakeTools): Promise<{ details: Record<string, unknown> }>;
}

/** A run of backups. */
export interface BackupRun {
  /** Name of the task, such as `backup-postgres`. */
  task: string;
  /** What is backed up, in this order. */
  items: readonly BackupItem[];
  /** Where to. */
  store: Store;
  /** age recipients, any of whom can decrypt it; none where it is stored in the clear. */
  recipients: readonly string[];
  /** How many at once. @default 1 */
  parallel?: number;
  /** Figures of a summary besides those that all have. */
  summary?: (record: BackupRecord) => Record<string, unknown>;
}

/** Unfinished writes older than this are nobody's any more. */
const abandonedAfter = { hours: 24 };

/**
 * Back up several things. Of each: the objects are written and read back, and its record last. One that fails is told
 * of, and the others go on; the exit code is 3 then.
 *
 * @throws the failure, when nothing could be backed up
 */
export async function runBackups(run: BackupRun, context: Context): Promise<ExitCode> {
  const failures: unknown[] = [];
  await mapConcurrently(run.items, run.parallel ?? 1, async (item) => {
    try {
      await backupOne(run, item, context);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(error);
      if (run.items.length === 1) return;
      const remedy = error instanceof SlipwayError ? error.remedy : undefined;
      context.emit({
        type: "note",
        level: "warning",
        message: `${item.label} was not backed up: ${messageOf(error)}`,
        ...remedy === undefined ? {} : { remedy },
      });
    }
  });
  if (failures.length === 0) return ExitCode.done;
  if (failures.length === run.items.length) throw failures[0];
  return ExitCode.partly;
}

async function backupOne(run: BackupRun, item: BackupItem, context: Context): Promise<void> {
  const { store, recipients } = run;
  const { source, label } = item;
  const { signal, now } = context;
  const startedAt = now();
  const id = backupId(startedAt, context.random);
  const objects: BackupObject[] = [];
  const sizeOf = (which: "plain" | "stored") =>
    objects.reduce((sum, object) => sum + object[which].sizeBytes, 0);
  const record = await step(
    context,
    `Back up ${label}`,
    async (progress) => {
      await store.sweep(folderOf(source), startedAt.subtract(abandonedAfter), { signal });
      const onBytes = everyStep((total) => progress(formatBytes(total)));
      const { details } = await item.take({
        id,
        startedAt,
        progress,
        signal,
        nameOf: (suffix) => fileName(source, { id, suffix }),
        async adopt(suffix) {
          const object = await adoptObject(store, { source, id, suffix }, { signal });
          objects.push(object);
          return object;
        },
        async write(suffix, plain, { compression } = {}) {
          const object = await writeObject(store, {
            ...{ source, id, suffix, plain, recipients, onBytes },
            ...compression === undefined ? {} : { compression },
          }, { signal });
          objects.push(object);
          return object;
        },
      });
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
      await store.put(
        fileName(source, { id, suffix: recordSuffix }),
        new TextEncoder().encode(writeRecord(record)),
        { ifAbsent: true, signal },
      );
      return record;
    },
    () => `${formatBytes(sizeOf("plain"))}, read back from ${store.url}`,
  );
  context.emit({
    type: "summary",
    ...source,
    backup: id,
    store: store.url,
    sizeBytes: sizeOf("plain"),
    storedBytes: sizeOf("stored"),
    durationMs: record.durationMs,
    ...run.summary?.(record),
  });
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
