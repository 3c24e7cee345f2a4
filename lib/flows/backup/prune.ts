import {
  fileName,
  folderOf,
  nameOfSource,
  readFileName,
  recordSuffix,
} from "../../backup/names.ts";
import type { BackupSource } from "../../backup/names.ts";
import { type Removal, removalSuffix, writeRemoval } from "../../backup/removal.ts";
import { retain, type Verdict } from "../../backup/retention.ts";
import { verificationSuffix } from "../../backup/verification.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { RetentionPolicy } from "../../core/retention.ts";
import type { Store } from "../../store/store.ts";
import { heldBy, isHold } from "./hold.ts";
import { listBackups } from "./list.ts";
import { type Leftover, lookInto } from "./prune_look.ts";
import { warn } from "./warn.ts";

/** How a source is pruned. */
export interface PruneOptions {
  /** Only backups that were restored once fill the places that the policy has. @default false */
  requireVerified?: boolean;
  /** Time zone of days, weeks and so on. @default "UTC" */
  timeZone?: string;
  /** Only tell what would be removed. @default false */
  dryRun?: boolean;
}

/** What pruning did with one source. */
export interface PruneResult {
  /** What was pruned. */
  source: BackupSource;
  /** What the policy says of each backup, newest first. */
  verdicts: Verdict[];
  /** Ids of the backups that were removed; with `dryRun`, of those that would be. */
  removed: string[];
  /** Ids of the backups whose removal by an earlier run was finished. */
  finished: string[];
  /** Room that was freed, in bytes. */
  freedBytes: number;
  /** Backups that should have been removed and could not be; the first is told as a warning. */
  failures: { id: string; error: unknown }[];
}

/**
 * Remove the backups of one source that a policy does not keep. What is damaged, unfinished or foreign stays. A backup
 * goes record first, so that no half of one is ever listed; a run that was killed is finished by the next one. What
 * cannot be removed is told by one warning, and is in `failures`.
 *
 * @throws {StoreError} when the store cannot be read
 * @throws {UsageError} when the policy would leave nothing
 */
export async function pruneSource(
  store: Store,
  source: BackupSource,
  policy: RetentionPolicy,
  { requireVerified, timeZone, dryRun = false }: PruneOptions,
  context: Pick<Context, "emit" | "now" | "signal">,
): Promise<PruneResult> {
  const listing = await listBackups(store, source, context);
  const { backups } = listing;
  const { sizes, held, leftovers, marked, givenBack } = await lookInto(store, listing, context);
  // The store's clock is not the one that dated the records, and so notices when that one jumped.
  const now = store.now?.() ?? context.now();
  const verdicts = retain(backups, policy, { now, requireVerified, timeZone, held });
  const result: PruneResult = {
    source,
    verdicts,
    removed: [],
    finished: [],
    freedBytes: 0,
    failures: [],
  };
  const attempt = async (id: string, done: string[], work: () => Promise<void>) => {
    try {
      context.signal.throwIfAborted();
      await work();
      done.push(id);
    } catch (error) {
      context.signal.throwIfAborted();
      result.failures.push({ id, error });
    }
  };
  const room = (id: string, suffixes: readonly string[]) =>
    suffixes.reduce((sum, suffix) => sum + (sizes.get(`${id}.${suffix}`) ?? 0), 0);

  // What a killed restore left does no harm where it may not be removed.
  for (const name of dryRun ? [] : givenBack) await store.delete(name, context).catch(() => {});
  for (const leftover of dryRun ? [] : leftovers) {
    await attempt(leftover.id, result.finished, async () => {
      await finish(store, source, leftover, context);
      result.freedBytes += room(leftover.id, leftover.suffixes);
    });
  }
  for (const { id } of verdicts.filter(({ keep, id }) => !dryRun && keep && marked.has(id))) {
    const mark = fileName(source, { id, suffix: removalSuffix });
    await attempt(id, [], async () => void await store.delete(mark, context));
  }
  const byId = new Map(backups.map((backup) => [backup.record.id, backup]));
  // Oldest first: where a run is cut short, what is left is what a smaller policy would have kept.
  for (const { id, because } of verdicts.filter(({ keep }) => !keep).toReversed()) {
    const suffixes = byId.get(id)!.record.objects.map(({ suffix }) => suffix);
    await attempt(id, result.removed, async () => {
      if (!dryRun) await remove(store, source, { id, because, suffixes }, context);
      result.freedBytes += room(id, suffixes);
    });
  }
  tell(result, context);
  return result;
}

async function remove(
  store: Store,
  source: BackupSource,
  removal: Omit<Removal, "removedAt">,
  context: Pick<Context, "now" | "signal">,
): Promise<void> {
  const { signal } = context;
  const { id } = removal;
  const removedAt = context.now().round({ smallestUnit: "millisecond" }).toString();
  const mark = fileName(source, { id, suffix: removalSuffix });
  const text = new TextEncoder().encode(writeRemoval({ ...removal, removedAt }));
  await store.put(mark, text, { signal });
  try {
    await checkUnread(store, source, id, context);
  } catch (error) {
    await store.delete(mark, { signal });
    throw error;
  }
  await store.delete(fileName(source, { id, suffix: recordSuffix }), { signal });
  await finish(store, source, removal, { signal });
}

/** Looked at last of all, as a restore can have begun since the look at the whole folder. */
async function checkUnread(
  store: Store,
  source: BackupSource,
  id: string,
  context: Pick<Context, "now" | "signal">,
): Promise<void> {
  for (const object of await store.list(`${folderOf(source)}${id}.`, context)) {
    const file = readFileName(source, object.name);
    if (file === undefined || !isHold(file)) continue;
    const reader = await heldBy(store, object, context);
    if (reader !== undefined) {
      throw new SlipwayError(reader, { remedy: "nothing need be done: the next run removes it" });
    }
  }
}

/** Remove what is left of a backup whose record has gone. */
async function finish(
  store: Store,
  source: BackupSource,
  { id, suffixes }: Leftover,
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  for (const suffix of [...suffixes, verificationSuffix, removalSuffix]) {
    await store.delete(fileName(source, { id, suffix }), { signal });
  }
}

/** Keys that may not delete fail with each backup alike, so that one of them tells enough. */
function tell({ source, failures }: PruneResult, context: Pick<Context, "emit">): void {
  const [first] = failures;
  if (first === undefined) return;
  const { id, error } = first;
  const name = nameOfSource(source);
  const what = failures.length === 1
    ? `the backup ${id} of ${name} could not be removed`
    : `${failures.length} backups of ${name} could not be removed, first ${id}`;
  warn(what, error, context);
}
