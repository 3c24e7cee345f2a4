import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import { isMeant } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, UsageError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { clearAbandoned } from "./abandoned.ts";
import { type ChosenJob, type JobRequest, loadJob } from "./job.ts";
import { withLease } from "./lease.ts";
import { listBackups } from "./list.ts";
import { withNotices } from "./notices.ts";
import type { NotifiedBackup } from "./notify.ts";
import { openJobStore } from "./place.ts";
import { type PruneResult, pruneSource } from "./prune.ts";
import { policyOf, type SourcePolicy } from "./prune_policy.ts";
import { isCovered } from "./source_jobs.ts";
import { filtersOf, findSources } from "./sources.ts";
import { warn } from "./warn.ts";

/** Which backups are to be pruned, and how. */
export interface PruneBackupsRequest extends JobRequest {
  /** Sources, as `kind/scope/name/item` or the first parts of it. @default those of the platform and environment */
  sources: readonly string[];
  /** Only backups that were restored once count. @default as the job says */
  requireVerified?: boolean;
  /** Time zone of days, weeks and so on. @default "UTC" */
  timeZone?: string;
  /** Only tell what would be removed. @default false */
  dryRun?: boolean;
}

/**
 * Remove backups that their policies do not keep, and what unfinished writes left. One source that fails is told of,
 * and the others go on; the exit code is 3 then.
 *
 * @throws {UsageError} when it is not said what is to be pruned, or for how long it is kept
 * @throws {StoreError} when the store cannot be read
 */
export async function pruneBackups(
  request: PruneBackupsRequest,
  context: Context,
): Promise<ExitCode> {
  checkTimeZone(request.timeZone);
  const { platform, job } = await loadJob(request, "prune-backups", context);
  const filters = filtersOf(request.sources, platform, "prune");
  const only = Object.keys(platform?.backups?.stores ?? {});
  const storeName = job.store ?? (only.length === 1 ? only[0] : undefined);
  const subject = "what is to be pruned";
  const store = await openJobStore(request, { platform, job, subject }, context);
  const work = async () => {
    const sources = (await findSources(store, {}, context))
      .filter((source) => filters.some((filter) => isMeant(source, filter)));
    if (sources.length === 0) {
      context.emit({
        type: "note",
        level: "info",
        message: `${store.url} has no backups of what is to be pruned`,
        remedy: "check --store, --platform and --env, and the names of the sources",
      });
    }
    const outcomes: NotifiedBackup[] = [];
    for (const source of sources) {
      const chosen = choosePolicy(source, { request, job, platform, storeName });
      if (chosen === undefined) {
        context.emit({
          type: "note",
          level: "info",
          message: `left ${
            nameOfSource(source)
          } alone: no job of the platform says for how long it is kept`,
          remedy: "give the job that backs it up a keep, or name a policy with --keep",
        });
      } else outcomes.push(await pruneOne(store, source, { ...chosen, request }, context));
    }
    return outcomes;
  };
  if (!request.dryRun) {
    const { name } = job;
    return await withNotices({ task: "prune-backups", ...name && { job: name } }, context, work);
  }
  await work();
  return ExitCode.done;
}

interface ChoiceOfPolicy {
  request: PruneBackupsRequest;
  job: ChosenJob;
  platform: Platform | undefined;
  storeName: string | undefined;
}

/** What the command line says, and else the prune job, and else the job that makes the backups. */
function choosePolicy(
  source: BackupSource,
  { request, job, platform, storeName }: ChoiceOfPolicy,
): SourcePolicy | undefined {
  const covered = isCovered(source, job, platform);
  const own = job.keep === undefined || !covered
    ? undefined
    : { policy: job.keep, requireVerified: job.requireVerified };
  const chosen = own ??
    (platform === undefined || storeName === undefined || !covered
      ? undefined
      : policyOf(source, storeName, platform));
  return chosen === undefined || request.requireVerified === undefined
    ? chosen
    : { ...chosen, requireVerified: request.requireVerified };
}

async function pruneOne(
  store: Store,
  source: BackupSource,
  { policy, requireVerified, request }: SourcePolicy & { request: PruneBackupsRequest },
  context: Context,
): Promise<NotifiedBackup> {
  const label = nameOfSource(source);
  const { dryRun = false, timeZone } = request;
  const options = { requireVerified, dryRun, ...timeZone === undefined ? {} : { timeZone } };
  const { signal } = context;
  try {
    const result = await step(
      context,
      `${dryRun ? "Judge" : "Prune"} ${label}`,
      async () => {
        if (dryRun) return await pruneSource(store, source, policy, options, context);
        return await withLease(store, source, { task: "prune-backups" }, context, async (lease) => {
          const held = { ...context, signal: lease.signal };
          await clearAbandoned(store, source, held);
          return await pruneSource(store, source, policy, options, held);
        });
      },
      (result) => summaryText(result, dryRun),
    );
    tellVerdicts(result, dryRun, context);
    const [failure] = result.failures;
    const listing = await listBackups(store, source, { signal });
    return { source, label, listing, ...failure === undefined ? {} : { error: failure.error } };
  } catch (error) {
    signal.throwIfAborted();
    warn(`${label} was not pruned`, error, context);
    return { source, label, error };
  }
}

function summaryText({ removed, verdicts, freedBytes }: PruneResult, dryRun: boolean): string {
  const freed = removed.length === 0 ? "" : `, ${formatBytes(freedBytes)}`;
  return `${dryRun ? "would remove" : "removed"} ${removed.length} of ${verdicts.length}${freed}`;
}

function tellVerdicts(
  { source, verdicts, removed, finished, failures, freedBytes }: PruneResult,
  dryRun: boolean,
  { emit }: Pick<Context, "emit">,
): void {
  const word = (id: string, keep: boolean) =>
    keep ? "keep" : removed.includes(id) ? dryRun ? "would remove" : "removed" : "not removed";
  emit({
    type: "table",
    title: nameOfSource(source),
    columns: ["Backup", "Verdict", "Because"],
    rows: verdicts.map(({ id, keep, because }) => [id, word(id, keep), because.join("; ")]),
  });
  emit({
    type: "summary",
    ...source,
    ...dryRun ? { dryRun } : {},
    kept: verdicts.length - removed.length,
    removed,
    finished,
    failed: failures.map(({ id }) => id),
    freedBytes,
  });
}

function checkTimeZone(timeZone: string | undefined): void {
  try {
    if (timeZone !== undefined) {
      Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    }
  } catch {
    throw new UsageError(
      `Cannot use the time zone "${timeZone}": wanted a name such as Europe/Berlin`,
    );
  }
}
