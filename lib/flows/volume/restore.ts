import type { BackupSource } from "../../backup/names.ts";
import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, messageOf } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { counted, formatBytes, formatDuration } from "../../core/units.ts";
import { runInPod } from "../../kube/exec/run_in_pod.ts";
import { StoreError } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { type ChoiceRequest, chooseToRestore } from "../backup/choose.ts";
import { withHold } from "../backup/hold.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { withLease } from "../backup/lease.ts";
import { listBackups } from "../backup/list.ts";
import { openPlain } from "../backup/objects.ts";
import { openJobStore } from "../backup/place.ts";
import { warn } from "../backup/warn.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { volumeSource } from "./backup.ts";
import { claimNamed, readClaim } from "./claims.ts";
import { readVolumeDetails } from "./details.ts";
import { fillVolume, LeftUnfinished, unhurried } from "./fill.ts";
import { helperFolder, withHelper } from "./helper.ts";
import { type Paused, pauseUsers } from "./pause.ts";
import { type ThroughRequest, toolboxOf } from "./through.ts";

/** Which volume is to be restored, from what, and into which claim. */
export interface RestoreVolumeRequest
  extends
    Omit<JobRequest, "recipient" | "unencrypted" | "keep">,
    TargetRequest,
    ChoiceRequest,
    Pick<ThroughRequest, "image"> {
  /** The claim that was backed up. */
  claim: string;
  /** The claim that it is restored into. @default the one that was backed up */
  to?: string;
  /** Restore it over the files that are there. @default false */
  replace?: boolean;
  /** Check the backup, and tell what would be done. @default false */
  dryRun?: boolean;
}

/**
 * Restore the files of a volume through a pod, and compare what is there then with what was backed up. What was there
 * before stays beside it until that is proved, and comes back when it is not.
 */
export async function restoreVolume(
  request: RestoreVolumeRequest,
  context: Context,
): Promise<ExitCode> {
  const { signal, now, emit } = context;
  const startedAt = now();
  const { platform, job } = await loadJob(request, "backup-volume", context);
  const from = claimNamed(request.claim, platform);
  const to = request.to === undefined ? from : claimNamed(request.to, platform);
  const source = volumeSource(from, platform);
  const store = await openJobStore(
    request,
    { platform, job, subject: `volumes/${from.name}` },
    context,
  );
  const listing = await listBackups(store, source, context);
  const { record, identities } = await chooseToRestore(store, listing, request, context);
  const details = readVolumeDetails(record);
  const open = (signal: AbortSignal) =>
    openPlain(store, source, record, record.objects[0]!, { identities, signal });
  await using session = await openSession(request, platform?.target, context);
  const { client } = session;
  const name = `${to.namespace}/${to.name}`;
  const claim = await readClaim(client, to, signal);
  if (request.dryRun) {
    await step(
      context,
      `Read and check ${record.id}`,
      async () => await (await open(signal)).pipeTo(new WritableStream(), { signal }),
      () => `${formatBytes(details.tree.sizeBytes)} in ${details.tree.files} files, its sums agree`,
    );
    emit({ type: "summary", volume: name, backup: record.id, restored: false });
    return ExitCode.done;
  }
  const options = toolboxOf(request, platform);
  await confirmReplacing(request, record, name, context);
  const restore = async (signal: AbortSignal) => {
    const here = { ...context, signal };
    const paused = await pauseUsers(client, to, here);
    // What a killed run had stopped was stopped for files that may be neither the old nor the new ones.
    let isWhole = !paused.byKilledRun;
    const onWhole = () => isWhole = true;
    try {
      const helper = { ...options, writes: true, like: paused.like };
      await withHelper(client, claim, helper, here, (pod) => {
        const place = { run: runInPod(client, pod), folder: helperFolder };
        return fillVolume(place, { ...request, record, details, open, name, onWhole }, here);
      });
    } catch (error) {
      if (isWhole && !(error instanceof LeftUnfinished)) await startAgain(paused, context);
      throw error;
    }
    await paused.resume(here);
  };
  const task = "restore-volume";
  await withHold(
    store,
    source,
    record.id,
    { task },
    context,
    () => apart({ store, source: volumeSource(to, platform), task }, context, restore),
  );
  const durationMs = elapsedMs(startedAt, context);
  const proof = `${
    counted(details.tree.files, "file")
  } read back, all paths and contents as backed up`;
  await keepVerification(store, source, {
    id: record.id,
    verifiedAt: now().toString(),
    durationMs,
    target: `${name} of ${session.name}`,
    proof,
    restoredBytes: details.tree.sizeBytes,
  }, context);
  emit({
    type: "note",
    level: "info",
    message: `${name} is restored from ${record.id} in ${formatDuration(durationMs)}: ${proof}`,
  });
  emit({ type: "summary", volume: name, backup: record.id, restored: true, proof, durationMs });
  return ExitCode.done;
}

/** What is to be replaced is typed by whoever is at a terminal. */
async function confirmReplacing(
  { replace = false }: RestoreVolumeRequest,
  { id, createdAt }: BackupRecord,
  name: string,
  { confirm }: Pick<Context, "confirm">,
): Promise<void> {
  if (!replace) return;
  if (!await confirm(`Replace all files of ${name} by those of ${id} of ${createdAt}?`, name)) {
    throw new Interrupted("Nothing was changed: the answer was no");
  }
}

/**
 * Do `work` while nobody backs up or restores the same volume. Keys that may only read cannot keep others away, which is
 * told and no reason not to restore.
 */
async function apart(
  { store, source, task }: { store: Store; source: BackupSource; task: string },
  context: Context,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let isHeld = false;
  try {
    await withLease(store, source, { task }, context, async ({ signal }) => {
      isHeld = true;
      await work(signal);
    });
  } catch (error) {
    if (isHeld || !(error instanceof StoreError) || error.retryable) throw error;
    context.emit({
      type: "note",
      level: "info",
      message: `nothing keeps others from backing up the volume meanwhile: ${messageOf(error)}`,
    });
    await work(context.signal);
  }
}

/** The failure that is thrown is that of the restore, whatever comes after it. */
async function startAgain(paused: Paused, context: Context): Promise<void> {
  await paused.resume(unhurried(context)).catch((error) =>
    warn("what used the volume does not run again", error, context)
  );
}
