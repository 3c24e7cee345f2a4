import type { ListedBackup } from "../../backup/listing.ts";
import { type BackupSource, nameOfSource } from "../../backup/names.ts";
import { isMeant } from "../../backup/source_filter.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import type { Store } from "../../store/store.ts";
import { checkBackup } from "./check_backup.ts";
import { withHold } from "./hold.ts";
import { backupIdentities, checkOpening, type IdentityRequest } from "./identities.ts";
import { type ChosenJob, type JobRequest, loadJob } from "./job.ts";
import { keepVerification } from "./keep_verification.ts";
import { listBackups } from "./list.ts";
import { withNotices } from "./notices.ts";
import type { NotifiedBackup } from "./notify.ts";
import { openJobStore } from "./place.ts";
import { isCovered } from "./source_jobs.ts";
import { filtersOf, findSources } from "./sources.ts";
import { verifierOf } from "./verifiers.ts";
import type { VerifyTools } from "./verifier.ts";
import { warn } from "./warn.ts";

/** Which backups are to be verified, and with what. */
export interface VerifyBackupsRequest
  extends Omit<JobRequest, "keep">, IdentityRequest, Pick<VerifyTools, "scratch" | "runAs"> {
  /** Sources, as `kind/scope/name/item` or the first parts of it. @default those that the job covers, else the platform's, else all in `store` */
  sources: readonly string[];
  /** Each backup that was not restored yet, not only the newest of each source. @default false */
  all?: boolean;
  /** What must hold in what was restored; for databases, SQL that answers with a row. @default as the job says */
  query?: string;
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** How one backup was verified. */
interface Outcome {
  id: string;
  result: "restored" | "checked" | "failed" | "to be restored" | "to be checked";
  detail: string;
  durationMs?: number;
}

/**
 * Restore backups to where they harm nobody, and write down with each that it was, and how long it took. Backups of a
 * kind that cannot be restored here are read to their end, opened where an identity is given that can, and compared with
 * their sums, which is told and not written down as a restore. What fails is told, and the others go on; the exit code is 3 then.
 *
 * @throws {UsageError} when it is not said what is to be verified
 * @throws {StoreError} when the store cannot be read
 */
export async function verifyBackups(
  request: VerifyBackupsRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform, job } = await loadJob(request, "verify-backups", context);
  // Nothing is lost by verifying too much, so that a store alone means all that is in it.
  const isWhole = request.sources.length === 0 && platform === undefined && request.store;
  const filters = isWhole ? [{}] : filtersOf(request.sources, platform, "verify backups");
  const identities = await backupIdentities(request, context);
  const subject = "what is to be verified";
  const store = await openJobStore(request, { platform, job, subject }, context);
  try {
    const work = async () => {
      const sources = (await findSources(store, {}, context)).filter((source) =>
        filters.some((filter) => isMeant(source, filter)) &&
        (request.sources.length > 0 || isCovered(source, job, platform))
      );
      if (sources.length === 0) {
        throw new SlipwayError(`${store.url} has no backups of what is to be verified`, {
          remedy: "check --store, --platform and --env, and the names of the sources",
        });
      }
      const outcomes: NotifiedBackup[] = [];
      for (const source of sources) {
        outcomes.push(await verifySource({ ...request, store, source, identities, job }, context));
      }
      return outcomes;
    };
    if (!request.dryRun) {
      const { name } = job;
      return await withNotices({ task: "verify-backups", ...name && { job: name } }, context, work);
    }
    await work();
    return ExitCode.done;
  } finally {
    store.close?.();
  }
}

interface SourceRequest extends Omit<VerifyBackupsRequest, "store" | "job"> {
  store: Store;
  source: BackupSource;
  identities: readonly string[];
  job: ChosenJob;
}

async function verifySource(request: SourceRequest, context: Context): Promise<NotifiedBackup> {
  const { store, source, all = false } = request;
  const label = nameOfSource(source);
  const outcomes: Outcome[] = [];
  let failure: unknown;
  try {
    const { backups } = await listBackups(store, source, context);
    const wanted = all
      ? backups.filter(({ verification }) => verification === undefined)
      : backups.slice(0, 1);
    if (backups.length === 0) {
      throw new SlipwayError(`there is no whole backup of ${label} in ${store.url}`, {
        remedy: "make one; `deno task list-backups` shows what is there",
      });
    }
    for (const backup of wanted) {
      try {
        const verify = () => verifyOne(request, backup, context);
        const hold = { task: "verify-backups" };
        outcomes.push(
          request.dryRun
            ? await verify()
            : await withHold(store, source, backup.record.id, hold, context, verify),
        );
      } catch (error) {
        context.signal.throwIfAborted();
        failure ??= error;
        outcomes.push({ id: backup.record.id, result: "failed", detail: messageOf(error) });
        warn(`${backup.record.id} of ${label} was not verified`, error, context);
      }
    }
  } catch (error) {
    context.signal.throwIfAborted();
    failure = error;
    warn(`${label} was not verified`, error, context);
  }
  context.emit({
    type: "table",
    title: label,
    columns: ["Backup", "Result", "Time", "What was seen"],
    rows: outcomes.map(({ id, result, durationMs, detail }) => [
      ...[id, result, durationMs === undefined ? "" : formatDuration(durationMs), detail],
    ]),
  });
  const counted = (result: Outcome["result"]) =>
    outcomes.filter((outcome) => outcome.result === result).length;
  context.emit({
    type: "summary",
    ...source,
    restored: counted("restored"),
    checked: counted("checked"),
    failed: counted("failed"),
    backups: outcomes,
  });
  const listing = await listBackups(store, source, context).catch(() => undefined);
  return {
    source,
    label,
    ...listing === undefined ? {} : { listing },
    ...failure === undefined ? {} : { error: failure },
  };
}

async function verifyOne(
  { store, source, identities, job, ...request }: SourceRequest,
  { record }: ListedBackup,
  context: Context,
): Promise<Outcome> {
  const { id } = record;
  const verify = await verifierOf(source.kind);
  const stored = record.objects.reduce((sum, object) => sum + object.stored.sizeBytes, 0);
  if (request.dryRun) {
    const result = verify === undefined ? "to be checked" : "to be restored";
    return { id, result, detail: `${formatBytes(stored)} of ${store.url}` };
  }
  const startedAt = context.now();
  if (verify === undefined) {
    const detail = await step(
      context,
      `Check ${id} of ${nameOfSource(source)}`,
      () => checkBackup({ store, source, record, identities }, context),
      () => `${formatBytes(stored)}, sums agree`,
    );
    return { id, result: "checked", durationMs: elapsedMs(startedAt, context), detail };
  }
  await checkOpening(identities, source, record);
  const query = request.query ?? job.query;
  const { target, checks, restoredBytes } = await step(
    context,
    `Verify ${id} of ${nameOfSource(source)}`,
    (progress) =>
      verify({
        ...{ store, source, record, identities, progress },
        ...query === undefined ? {} : { query },
        ...request.scratch === undefined ? {} : { scratch: request.scratch },
        ...request.runAs === undefined ? {} : { runAs: request.runAs },
      }, context),
    ({ checks }) => checks[0],
  );
  const durationMs = elapsedMs(startedAt, context);
  const verifiedAt = context.now().toString();
  await keepVerification(
    store,
    source,
    { id, verifiedAt, durationMs, target, proof: checks[0], restoredBytes, checks },
    context,
  );
  return { id, result: "restored", durationMs, detail: checks.join(", ") };
}
