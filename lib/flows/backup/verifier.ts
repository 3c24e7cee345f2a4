import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import type { Progress } from "../../core/steps.ts";
import type { Store } from "../../store/store.ts";

/** A backup that is to be restored for a proof. */
export interface VerifyTools {
  /** Where it is. */
  store: Store;
  /** What it is of. */
  source: BackupSource;
  /** What is known of it. */
  record: BackupRecord;
  /** age identities; none where it is stored in the clear. */
  identities: readonly string[];
  /** What the user asks of what was restored, such as SQL. */
  query?: string;
  /** Folder for what is restored. @default the system's one for temporary files */
  scratch?: string;
  /** User and group by number that a throwaway server runs as, where this process is root's. */
  runAs?: { uid: number; gid: number };
  /** Tells how far it has come. */
  progress: Progress;
}

/** What a restore has shown. */
export interface Verified {
  /** Where it was restored to. */
  target: string;
  /** What was looked at, each in one line; the first says most. */
  checks: [string, ...string[]];
  /** How many bytes were restored, before compression and encryption. */
  restoredBytes: number;
}

/** Restores a backup to where it harms nobody, and shows that it has what it should. Leaves nothing behind. */
export type Verifier = (tools: VerifyTools, context: Context) => Promise<Verified>;
