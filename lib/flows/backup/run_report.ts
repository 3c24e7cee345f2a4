import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Verification } from "../../backup/verification.ts";

/** How a run stands: it begins, all is done, some is done, or nothing is. */
export type RunState = "start" | "success" | "partly" | "fail";

/** What a run did with one source. */
export interface NotifiedBackup {
  /** What it is of. */
  source: BackupSource;
  /** What messages call it, such as `database shop at db:5432`. */
  label: string;
  /** The backup that this run made; absent at the start, where it failed, and where the task makes none. */
  record?: BackupRecord;
  /** Why this run failed with it. */
  error?: unknown;
  /** What the store has of it, where it could be read: tells the last good backup, and the last that was restored. */
  listing?: Pick<BackupListing, "backups">;
}

/** A run, as those who are told of it want to know it. */
export interface RunReport {
  /** Name of the task, such as `backup-postgres`. */
  task: string;
  /** The platform's job, where it is one. */
  job?: string;
  /** How it stands. */
  state: RunState;
  /** When it began; one run has one, by which its notifications belong together. */
  startedAt: Temporal.Instant;
  /** What it worked on. */
  backups: readonly NotifiedBackup[];
  /** Why all of it failed, where that is not the failure of a source: a store that is away, wrong credentials. */
  error?: unknown;
}

/** The newest backup of a source that is whole: that of this run, or what the store had. */
export function lastBackup({ record, listing }: NotifiedBackup): BackupRecord | undefined {
  return record ?? listing?.backups[0]?.record;
}

/** The backup whose restore was proved last, and when. */
export function lastRestored(
  { listing }: NotifiedBackup,
): { record: BackupRecord; verification: Verification } | undefined {
  const verified = (listing?.backups ?? []).filter(
    (backup): backup is Required<ListedBackup> => backup.verification !== undefined,
  );
  const provedAt = ({ verification }: Required<ListedBackup>) =>
    Temporal.Instant.from(verification.verifiedAt);
  return verified.toSorted((a, b) => Temporal.Instant.compare(provedAt(b), provedAt(a)))[0];
}

/** Bytes of a backup: as they were, and as they are stored. */
export function sizesOf({ objects }: Pick<BackupRecord, "objects">): {
  /** Before compression and encryption. */
  plainBytes: number;
  /** In the store. */
  storedBytes: number;
} {
  return {
    plainBytes: objects.reduce((sum, { plain }) => sum + plain.sizeBytes, 0),
    storedBytes: objects.reduce((sum, { stored }) => sum + stored.sizeBytes, 0),
  };
}
