import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import { type NotifiedBackup, notifyRun, readNotifySettings } from "./notify.ts";

/** A run that is told of. */
export interface NoticedRun {
  /** Name of the task, such as `prune-backups`. */
  task: string;
  /** The platform's job, where it is one. */
  job?: string;
  /** What it works on, as far as that is known before it begins. */
  backups?: readonly NotifiedBackup[];
}

/**
 * Do `work`, and tell of its start and its end by what the environment names. `work` returns what became of each
 * source; the exit code is 3 where some failed.
 *
 * @throws the failure of the first source, when all failed; or what `work` throws
 */
export async function withNotices(
  { backups = [], ...run }: NoticedRun,
  context: Context,
  work: () => Promise<NotifiedBackup[]>,
): Promise<ExitCode> {
  const settings = await readNotifySettings(context);
  const startedAt = context.now();
  const tell = (changes: Omit<Parameters<typeof notifyRun>[1], "task" | "startedAt">) =>
    notifyRun(settings, { ...run, startedAt, ...changes }, context);
  await tell({ state: "start", backups });
  let done: NotifiedBackup[];
  try {
    done = await work();
  } catch (error) {
    await tell({ state: "fail", backups, error });
    throw error;
  }
  const failed = done.filter(({ error }) => error !== undefined);
  const [first] = failed;
  if (first === undefined) {
    await tell({ state: "success", backups: done });
    return ExitCode.done;
  }
  const all = failed.length === done.length;
  await tell({ state: all ? "fail" : "partly", backups: done });
  if (all) throw first.error;
  return ExitCode.partly;
}
