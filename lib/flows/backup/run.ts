import type { BackupRecord } from "../../backup/record.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import type { ExitCode } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { Store } from "../../store/store.ts";
import { backUp } from "./back_up.ts";
import type { BackupItem } from "./item.ts";
import type { ChosenJob } from "./job.ts";
import { withLease } from "./lease.ts";
import { listBackups } from "./list.ts";
import { withNotices } from "./notices.ts";
import { type NotifiedBackup, readNotifySettings } from "./notify.ts";
import { pruneSource } from "./prune.ts";
import { sizesOf } from "./run_report.ts";
import { warn } from "./warn.ts";

/** A run of backups. */
export interface BackupRun {
  /** Name of the task, such as `backup-postgres`. */
  task: string;
  /** What the platform's job says of the run: its name, and for how long backups are kept. */
  job?: Pick<ChosenJob, "name" | "keep" | "requireVerified">;
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

/**
 * Back up several things, one run at a time of each. The objects are written and read back, and the record last; then
 * what the job's policy does not keep is removed. One that fails is told of, and the others go on; the exit code is 3
 * then. Start and end of the run are told to whom the environment names.
 *
 * @throws the failure, when nothing could be backed up
 */
export async function runBackups(run: BackupRun, context: Context): Promise<ExitCode> {
  const { task, items, parallel = 1 } = run;
  const isTold = Object.keys(await readNotifySettings(context)).length > 0;
  const backups = items.map(({ source, label }) => ({ source, label }));
  const job = run.job?.name;
  return await withNotices(
    { task, backups, ...job === undefined ? {} : { job } },
    context,
    async () =>
      await mapConcurrently(items, parallel, async (item) => {
        const outcome = await backUpItem(run, item, context);
        const listing = isTold ? await listingOf(run, item, context) : undefined;
        return { ...outcome, ...listing === undefined ? {} : { listing } };
      }),
  );
}

async function backUpItem(
  run: BackupRun,
  item: BackupItem,
  context: Context,
): Promise<NotifiedBackup> {
  const { source, label } = item;
  try {
    return { source, label, record: await underLease(run, item, context) };
  } catch (error) {
    context.signal.throwIfAborted();
    // The failure of the only one is what the task ends with.
    if (run.items.length > 1) warn(`${label} was not backed up`, error, context);
    return { source, label, error };
  }
}

async function underLease(
  run: BackupRun,
  item: BackupItem,
  context: Context,
): Promise<BackupRecord> {
  const { source, label, store = run.store } = item;
  const { task, recipients } = run;
  const { signal } = context;
  return await withLease(store, source, { task }, context, async (lease) => {
    const record = await step(
      context,
      `Back up ${label}`,
      (progress) => backUp(item, { store, recipients, lease }, progress, context),
      (record) => `${formatBytes(sizesOf(record).plainBytes)}, read back from ${store.url}`,
    );
    const { plainBytes: sizeBytes, storedBytes } = sizesOf(record);
    context.emit({
      type: "summary",
      ...source,
      backup: record.id,
      store: store.url,
      sizeBytes,
      storedBytes,
      durationMs: record.durationMs,
      ...run.summary?.(record),
    });
    // The backup is safe already: what goes wrong from here on is a warning, also that the lease is lost.
    await item.onDone?.(record).catch((error) => {
      signal.throwIfAborted();
      warn(`${label} is safe in ${store.url}, but not all that follows is done`, error, context);
    });
    await prune(run, item, { ...context, signal: lease.signal }).catch((error) => {
      signal.throwIfAborted();
      warn(`older backups of ${label} were not pruned`, error, context);
    });
    return record;
  });
}

async function prune(
  { job, store: common }: BackupRun,
  { source, label, store = common }: BackupItem,
  context: Context,
): Promise<void> {
  if (job?.keep === undefined) return;
  const { keep, requireVerified } = job;
  await step(
    context,
    `Prune ${label}`,
    () => pruneSource(store, source, keep, { requireVerified }, context),
    ({ removed, verdicts }) => `removed ${removed.length} of ${verdicts.length}`,
  );
}

/** What the store has now, for whoever is told of the run. */
async function listingOf(
  { store: common }: BackupRun,
  { source, store = common }: BackupItem,
  context: Context,
): Promise<NotifiedBackup["listing"]> {
  // A store that is away was told already, by what failed with it.
  return await listBackups(store, source, context).catch(() => undefined);
}
