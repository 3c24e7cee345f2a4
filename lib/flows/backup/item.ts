import type { BackupSource } from "../../backup/names.ts";
import type { BackupObject, BackupRecord } from "../../backup/record.ts";
import type { ByteStream } from "../../core/program.ts";
import type { Progress } from "../../core/steps.ts";
import type { Store } from "../../store/store.ts";

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
  /** Where it goes. @default the run's store */
  store?: Store;
  /** Makes its backup; what it returns goes into the record. A backup whose `take` throws does not exist. */
  take(tools: TakeTools): Promise<{ details: Record<string, unknown> }>;
  /** Told of the record when it is written. What it throws is a warning: the backup is safe. */
  onDone?(record: BackupRecord): Promise<void>;
}
