import { type MeasuredTree, measuredTree, type TreeMeasure } from "../../backup/tar_tree.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ByteStream, RunProgram } from "../../core/program.ts";
import { ProgramFailed } from "../../core/program_failed.ts";
import type { TarEntry } from "../../core/tar.ts";

/** What a restore sets aside is in folders of such names until the new files are proved. */
export const asidePrefix = ".slipway-before-";
/** What its name ends with when its files are not needed any more. */
export const needless = ".needless";

/** A folder in a pod, and how programs are run there. */
export interface PodFolder {
  /** Runs programs in the pod. */
  run: RunProgram;
  /** The folder. */
  folder: string;
}

/** A tar archive of a folder while it comes. */
export interface FolderArchive extends MeasuredTree {
  /** What tar said of files that changed while it read them; complete once the stream has ended. */
  changed(): string[];
}

/**
 * What tar says, with exit code 1, of files that others write while it reads.
 * Source: GNU tar, "Return Values of tar" and src/create.c.
 */
const changes =
  /^\S*tar: (.*): (file changed as we read it|File removed before we read it|file shrank by .*|File shrank by .*)$/;
const ending =
  /^\S*tar: (Exiting with failure status due to previous errors|Error exit delayed from previous errors)/;

/**
 * Read the files of a folder as a tar archive. It ends only when tar ended well, or had only to say that files changed
 * while it read them; and only when the archive's own end has come. Where a restore has set files aside and did not come
 * to its end, there is none: those that lie there may be neither the old nor the new ones.
 */
export async function archiveOf(place: PodFolder, signal: AbortSignal): Promise<FolderArchive> {
  // The folder that was set aside is looked for, not what is in it: all of that may be as much as the volume can hold.
  const excluded = [`${asidePrefix}*${needless}`, `${asidePrefix}*/*`];
  return await readFolder(place, excluded, signal, ({ name }) => {
    if (!name.startsWith(`./${asidePrefix}`)) return;
    throw new SlipwayError(
      "Refused to back up a volume whose restore did not come to its end: its files may be of two moments",
      { remedy: "run the same restore-volume again: it begins with bringing back what was there" },
    );
  });
}

async function readFolder(
  { run, folder }: PodFolder,
  excluded: readonly string[],
  signal: AbortSignal,
  onEntry?: (entry: TarEntry) => void,
): Promise<FolderArchive> {
  let changed: string[] = [];
  const program = await run({
    argv: [
      "tar",
      "--create",
      "--file=-",
      `--directory=${folder}`,
      "--format=pax",
      // One name of a file is read first today and another one tomorrow.
      "--hard-dereference",
      "--numeric-owner",
      "--one-file-system",
      "--exclude=./lost+found",
      ...excluded.map((name) => `--exclude=./${name}`),
      ".",
    ],
    label: "tar",
  }, { signal });
  const stream = unlessOnly(program.stdout, (error) => {
    const found = changesOnly(error);
    if (found !== undefined) changed = found;
    return found !== undefined;
  });
  return { ...measuredTree(stream, onEntry), changed: () => changed };
}

/** Names of files that changed, where a program failed by nothing else. */
export function changesOnly(error: unknown): string[] | undefined {
  if (!(error instanceof ProgramFailed) || error.end.exitCode !== 1) return undefined;
  const lines = error.end.stderr.split("\n").filter((line) => line.trim() !== "");
  const found = lines.flatMap((line) => changes.exec(line)?.[1] ?? []);
  const all = lines.every((line) => changes.test(line) || ending.test(line));
  return found.length > 0 && all ? found : undefined;
}

/** The stream, which ends in place of failing where `forgiven` says so. */
function unlessOnly(stream: ByteStream, forgiven: (error: unknown) => boolean): ByteStream {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch((error) => {
        if (!forgiven(error)) throw error;
        return { done: true, value: undefined } as const;
      });
      next.done ? controller.close() : controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Read all files of a folder but those that are set aside, and tell what is in it. */
export async function measureFolder(
  place: PodFolder,
  signal: AbortSignal,
): Promise<TreeMeasure> {
  const archive = await readFolder(place, [`${asidePrefix}*`], signal);
  await archive.stream.pipeTo(new WritableStream(), { signal });
  const [first] = archive.changed();
  if (first === undefined) return archive.measure();
  throw new SlipwayError(`${first} changed while it was read: something writes to the volume`, {
    remedy: "stop what writes to it, and run the same command again",
  });
}

/** Whether a folder has nothing in it; its files are not read for that. */
export async function isEmptyFolder(place: PodFolder, signal: AbortSignal): Promise<boolean> {
  const found = new AbortController();
  const because = new DOMException("The folder has something in it", "AbortError");
  try {
    const archive = await readFolder(
      place,
      [`${asidePrefix}*`],
      AbortSignal.any([signal, found.signal]),
      () => found.abort(because),
    );
    await archive.stream.pipeTo(new WritableStream());
    return !found.signal.aborted;
  } catch (error) {
    if (!found.signal.aborted || signal.aborted) throw error;
    return false;
  }
}

/** Run a program for what it does, and wait for its end. */
export async function runToEnd(
  { run }: Pick<PodFolder, "run">,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<void> {
  const program = await run({ argv }, { signal });
  await program.stdout.pipeTo(new WritableStream());
  await program.done;
}
