import { parseRetention } from "../../backup/policy.ts";
import { retain } from "../../backup/retention.ts";
import type { BackupListing, ListedBackup } from "../../backup/listing.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import { isMeant, parseSourceFilter } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, UsageError } from "../../core/errors.ts";
import type { RetentionPolicy } from "../../core/retention.ts";
import { step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import { fromPrefix } from "../../platform/backups.ts";
import type { Store } from "../../store/store.ts";
import type { TargetRequest } from "../target.ts";
import { clearAbandoned } from "./abandoned.ts";
import { type CopiedBackup, copiedText, copyBackup } from "./copy.ts";
import { openCopyStore } from "./copy_stores.ts";
import { withHold } from "./hold.ts";
import { type JobRequest, loadJob } from "./job.ts";
import { withLease } from "./lease.ts";
import { listBackups } from "./list.ts";
import { withNotices } from "./notices.ts";
import type { NotifiedBackup } from "./notify.ts";
import { scopeOf } from "./place.ts";
import { findSources } from "./sources.ts";
import { warn } from "./warn.ts";

/** Which backups are to be copied, and where to. */
export interface CopyBackupsRequest
  extends Pick<JobRequest, "platform" | "env" | "job" | "keep">, TargetRequest {
  /** Sources, as `kind/scope/name/item` or the first parts of it. @default all that the platform has; else all */
  sources: readonly string[];
  /** URL or folder of the store, or the name of one of the platform's. @default as the job says */
  from?: string;
  /** URL or folder of the store that they are copied into, or the name of one of the platform's. @default as the job says */
  to?: string;
  /** Only tell what would be copied. @default false */
  dryRun?: boolean;
}

/**
 * Copy backups from one store into another, byte for byte, and prove each by its record. What is there already is left
 * alone, and a run that was killed goes on. Nothing is removed. One source that fails is told of, and the others go on;
 * the exit code is 3 then.
 *
 * @throws {UsageError} when it is not said from where and where to
 * @throws {SlipwayError} when there is nothing to copy
 * @throws {StoreError} when a store cannot be read
 */
export async function copyBackups(
  request: CopyBackupsRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform, job } = await loadJob(
    { ...request, ...request.to && { store: request.to } },
    "copy-backups",
    context,
  );
  const [fromPlace, toPlace] = [request.from ?? job.from, job.store];
  if (fromPlace === undefined || toPlace === undefined) {
    throw new UsageError(
      `Cannot copy backups: nothing says ${fromPlace === undefined ? "from where" : "where to"}`,
      { remedy: "name both stores with --from and --to, or a job of the platform with --job" },
    );
  }
  const filters = request.sources.length > 0
    ? request.sources.map(parseSourceFilter)
    : platform === undefined
    ? [{}]
    : [{ scope: scopeOf(platform) }];
  const subject = "what is to be copied";
  const open = (store: string, prefix: string) =>
    openCopyStore({ ...request, store }, { platform, subject, prefix }, context);
  const from = await open(fromPlace, fromPrefix);
  const to = await open(toPlace, "TO_");
  if (from.url === to.url && fromPlace === toPlace) {
    throw new UsageError(`Cannot copy backups: ${from.url} is both where from and where to`);
  }
  const policy = request.keep === undefined ? job.keep : parseRetention(request.keep);
  const work = async () => {
    const sources = (await findSources(from, {}, context))
      .filter((source) => filters.some((filter) => isMeant(source, filter)));
    if (sources.length === 0) {
      throw new SlipwayError(`${from.url} has no backups of ${subject}`, {
        remedy: "check --from, --platform and --env, and the names of the sources",
      });
    }
    const outcomes: NotifiedBackup[] = [];
    for (const source of sources) {
      outcomes.push(
        await copySource({ source, from, to, policy, dryRun: request.dryRun ?? false }, context),
      );
    }
    return outcomes;
  };
  if (!request.dryRun) {
    const { name } = job;
    return await withNotices({ task: "copy-backups", ...name && { job: name } }, context, work);
  }
  await work();
  return ExitCode.done;
}

interface SourceCopy {
  source: BackupSource;
  from: Store;
  to: Store;
  policy: RetentionPolicy | undefined;
  dryRun: boolean;
}

async function copySource(copy: SourceCopy, context: Context): Promise<NotifiedBackup> {
  const { source, from, to, dryRun } = copy;
  const label = nameOfSource(source);
  try {
    const here = await listBackups(from, source, context);
    const chosen = chosenOf(here, copy.policy, context);
    const failures: unknown[] = [];
    const outcomes = await step(
      context,
      `${dryRun ? "Compare" : "Copy"} ${label}`,
      async (progress) => {
        if (dryRun) return await compare(copy, chosen, context);
        return await withLease(to, source, { task: "copy-backups" }, context, async (lease) => {
          const held = { ...context, signal: lease.signal };
          await clearAbandoned(to, source, held);
          const there = await listBackups(to, source, held);
          const done: CopiedBackup[] = [];
          for (const [at, backup] of chosen.entries()) {
            const { id } = backup.record;
            const tell = (bytes = 0) => progress(`${id}, ${formatBytes(bytes)}`, at, chosen.length);
            tell();
            try {
              const copying = () => copyBackup({ source, from, to, there }, backup, held, tell);
              const isThere = there.backups.some(({ record }) => record.id === id);
              done.push(
                isThere
                  ? await copying()
                  : await withHold(from, source, id, { task: "copy-backups" }, held, copying),
              );
            } catch (error) {
              lease.signal.throwIfAborted();
              failures.push(error);
              warn(`${label}, backup ${id}, was not copied`, error, context);
            }
          }
          return done;
        });
      },
      (outcomes) =>
        dryRun ? `would ${copiedText(outcomes).replace("copied", "copy")}` : copiedText(outcomes),
    );
    for (const { id, because } of here.damaged) {
      const damaged = new SlipwayError(because, {
        remedy: "move it away when nobody needs it: nothing removes what is damaged by itself",
      });
      failures.push(damaged);
      warn(`${label}, backup ${id}, was not copied`, damaged, context);
    }
    context.emit({
      type: "summary",
      ...source,
      from: from.url,
      to: to.url,
      dryRun,
      copied: outcomes.filter(({ state }) => state === "copied").length,
      there: outcomes.filter(({ state }) => state === "there").length,
      failed: failures.length,
      copiedBytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    const [error] = failures;
    const listing = dryRun ? here : await listBackups(to, source, context);
    return { source, label, listing, ...error === undefined ? {} : { error } };
  } catch (error) {
    context.signal.throwIfAborted();
    warn(`${label} was not copied`, error, context);
    return { source, label, error };
  }
}

/** What is to be in the other store, newest first. What its own pruning would remove again is not sent there. */
function chosenOf(
  { backups }: BackupListing,
  policy: RetentionPolicy | undefined,
  { now }: Pick<Context, "now">,
): ListedBackup[] {
  if (policy === undefined) return backups;
  const kept = new Set(
    retain(backups, policy, { now: now() }).filter(({ keep }) => keep).map(({ id }) => id),
  );
  return backups.filter(({ record }) => kept.has(record.id));
}

async function compare(
  { source, to }: SourceCopy,
  chosen: readonly ListedBackup[],
  context: Context,
): Promise<CopiedBackup[]> {
  const there = new Set(
    (await listBackups(to, source, context)).backups.map(({ record }) => record.id),
  );
  return chosen.map(({ record: { id, objects } }) =>
    there.has(id)
      ? { state: "there", bytes: 0 }
      : { state: "copied", bytes: objects.reduce((sum, { stored }) => sum + stored.sizeBytes, 0) }
  );
}
