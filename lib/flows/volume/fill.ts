import type { BackupRecord } from "../../backup/record.ts";
import { treeDifference } from "../../backup/tar_tree.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import { isEmptyFolder, measureFolder, type PodFolder } from "./archive.ts";
import { asidesIn, setAside, settleAside } from "./aside.ts";
import type { VolumeBackupDetails } from "./details.ts";

/** A volume has neither its old files nor its new ones: nothing that uses it may start. */
export class LeftUnfinished extends SlipwayError {}

/** What a volume is filled with. */
export interface VolumeFilling {
  /** Whether files that are there may be replaced. @default false */
  replace?: boolean;
  /** The backup. */
  record: Pick<BackupRecord, "id">;
  /** What it has. */
  details: Pick<VolumeBackupDetails, "tree">;
  /** Opens its archive. */
  open: (signal: AbortSignal) => Promise<ByteStream>;
  /** Name of the volume, for messages. */
  name: string;
  /** Told when the files of a restore that was killed are known to be back, or there was no such one. */
  onWhole: () => void;
}

/** The context of what is done even when the run was interrupted. */
export function unhurried(context: Context): Context {
  return { ...context, signal: new AbortController().signal };
}

/**
 * Put the files of a backup into a volume, and compare them with it. What was there is set aside until then, and comes
 * back when they differ.
 *
 * @throws {LeftUnfinished} when it cannot be brought back
 * @throws {SlipwayError} when anything else fails; the volume has what it had then
 */
export async function fillVolume(
  place: PodFolder,
  { replace = false, record, details, open, name, onWhole }: VolumeFilling,
  context: Context,
): Promise<void> {
  const { signal, emit } = context;
  const later = unhurried(context).signal;
  if ((await asidesIn(place, signal)).length > 0) {
    const before = "of an earlier restore, which was killed";
    await settleAside(place, later).catch((error) =>
      Promise.reject(unfinished(name, before, error))
    );
    const message = `${name} had a restore that did not come to its end: its files are back`;
    emit({ type: "note", level: "warning", message });
  }
  onWhole();
  if (!await isEmptyFolder(place, signal) && !replace) {
    throw new UsageError(`Refused to restore into ${name}: it has files`, {
      remedy: "restore into an empty claim with --to, or replace these files with --replace",
    });
  }
  let forget: () => Promise<void>;
  try {
    ({ forget } = await setAside(place, record.id, signal));
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
    await settleAside(place, later).catch((cause) =>
      Promise.reject(unfinished(name, `after a restore that failed: ${messageOf(error)}`, cause))
    );
    throw error;
  }
  await forget();
}

function unfinished(name: string, when: string, cause: unknown): LeftUnfinished {
  return new LeftUnfinished(
    `The files of ${name} could not be put back ${when}; putting them back failed: ${
      messageOf(cause)
    }`,
    { remedy: "run the same command again: it begins with putting them back", cause },
  );
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
