import { chooseBackup } from "../../backup/listing.ts";
import type { BackupRecord } from "../../backup/record.ts";
import { treeDifference } from "../../backup/tar_tree.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import { runInPod } from "../../kube/exec/run_in_pod.ts";
import { counted } from "../../kube/ready/fields.ts";
import { backupIdentities, checkIdentities, type IdentityRequest } from "../backup/identities.ts";
import { keepVerification } from "../backup/keep_verification.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { withLease } from "../backup/lease.ts";
import { listBackups } from "../backup/list.ts";
import { openPlain } from "../backup/objects.ts";
import { openBackupStore } from "../backup/place.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { isEmptyFolder, measureFolder, type PodFolder } from "./archive.ts";
import { setAside, settleAside } from "./aside.ts";
import { volumeSource } from "./backup.ts";
import { claimNamed, readClaim } from "./claims.ts";
import { readVolumeDetails, type VolumeBackupDetails } from "./details.ts";
import { helperFolder, withHelper } from "./helper.ts";
import { pauseUsers } from "./pause.ts";
import { type ThroughRequest, toolboxOf } from "./through.ts";

/** Which volume is to be restored, from what, and into which claim. */
export interface RestoreVolumeRequest
  extends
    Omit<JobRequest, "recipient" | "unencrypted" | "keep">,
    TargetRequest,
    IdentityRequest,
    Pick<ThroughRequest, "image"> {
  /** The claim that was backed up. */
  claim: string;
  /** Id of the backup, a time, or `latest`. */
  from: string;
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
  const store = await openBackupStore(
    { ...request, ...job.store === undefined ? {} : { store: job.store } },
    { platform, subject: `volumes/${from.name}` },
    context,
  );
  const identities = await backupIdentities(request, context);
  const { record } = chooseBackup(
    await listBackups(store, source, context),
    request.from,
    store.url,
  );
  const details = readVolumeDetails(record);
  checkIdentities(identities, source, record);
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
  await withLease(store, source, { task: "restore-volume" }, context, async (lease) => {
    const here = { ...context, signal: lease.signal };
    const paused = await pauseUsers(client, to, here);
    try {
      const helper = { ...options, writes: true, like: paused.like };
      await withHelper(client, claim, helper, here, (pod) => {
        const place = { run: runInPod(client, pod), folder: helperFolder };
        return fill(place, { request, record, details, open, name }, here);
      });
    } catch (error) {
      // With files that are neither the old nor the new ones nothing may start.
      if (!(error instanceof LeftUnfinished)) await paused.resume(unhurried(context));
      throw error;
    }
    await paused.resume(here);
  });
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

/** A volume has neither its old files nor its new ones. */
class LeftUnfinished extends SlipwayError {}

/** What is done even when the run was interrupted. */
function unhurried(context: Context): Context {
  return { ...context, signal: new AbortController().signal };
}

interface Filling {
  request: RestoreVolumeRequest;
  record: BackupRecord;
  details: VolumeBackupDetails;
  open: (signal: AbortSignal) => Promise<ByteStream>;
  name: string;
}

async function fill(
  place: PodFolder,
  { request, record, details, open, name }: Filling,
  context: Context,
): Promise<void> {
  const { signal, emit } = context;
  if (await settleAside(place, signal)) {
    const message = `${name} had a restore that did not come to its end: its files are back`;
    emit({ type: "note", level: "warning", message });
  }
  const empty = await isEmptyFolder(place, signal);
  if (!empty && !request.replace) {
    throw new UsageError(`Refused to restore into ${name}: it has files`, {
      remedy: "restore into an empty claim with --to, or replace these files with --replace",
    });
  }
  const aside = await setAside(place, record.id, signal);
  try {
    await step(context, `Restore the files of ${name}`, async () => {
      await extract(place, await open(signal), signal);
    }, () => `${details.tree.files} files, ${formatBytes(details.tree.sizeBytes)}`);
    await step(context, `Compare ${name} with ${record.id}`, async () => {
      const difference = treeDifference(await measureFolder(place, signal), details.tree);
      if (difference === undefined) return;
      throw new SlipwayError(
        `What was restored into ${name} is not what was backed up: ${difference}`,
        {
          remedy:
            "see whether something else writes to the volume, and that it has room for all files",
        },
      );
    });
  } catch (error) {
    try {
      await settleAside(place, unhurried(context).signal);
    } catch (cause) {
      throw new LeftUnfinished(
        `The files of ${name} could not be put back after a restore that failed: ${
          messageOf(cause)
        }; the restore failed because: ${messageOf(error)}`,
        { remedy: "run the same command again: it begins with putting them back", cause },
      );
    }
    throw error;
  }
  await aside.forget();
}

/** Owners are those of the pod that writes: only root could give files away. */
async function extract(
  { run, folder }: PodFolder,
  archive: ByteStream,
  signal: AbortSignal,
): Promise<void> {
  const program = await run({
    argv: [
      ...["tar", "--extract", "--file=-", `--directory=${folder}`, "--no-same-owner"] as const,
      // The folder itself may belong to the storage, and then its mode is not ours to set.
      ...["--preserve-permissions", "--no-overwrite-dir", "--delay-directory-restore"],
    ],
    stdin: archive,
    label: "tar",
  }, { signal });
  await program.stdout.pipeTo(new WritableStream());
  await program.done;
}
