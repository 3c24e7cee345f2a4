import { parseRetention } from "../../backup/policy.ts";
import { closest } from "../../core/closest.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { type BackupSubject, backupSubject, noticesOf } from "../../platform/backups.ts";
import type {
  BackupJob,
  BackupNotices,
  BackupRetention,
  BackupTask,
  Platform,
} from "../../platform/types.ts";
import { renderPlatform } from "../render/render.ts";
import type { TargetRequest } from "../target.ts";
import type { PlaceRequest } from "./place.ts";

/** What the command line of a backup task says of its platform and its job. */
export interface JobRequest extends PlaceRequest, TargetRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file; what needs none can do without. */
  platform?: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** One of the platform's jobs. @default the only one of the task */
  job?: string;
  /** For how long backups are kept, such as `7-daily-4-weekly` or `days=30`. @default as the job says */
  keep?: string;
}

/** What is to be done: what the command line says, and else what the platform's job says. */
export interface ChosenJob {
  /** Name of the job, where one was chosen. */
  name?: string;
  /** URL or folder of the store, or the name of one of the platform's. */
  store?: string;
  /** One of the platform's stores, from which `copy-backups` copies. */
  from?: string;
  /** For how long backups are kept. */
  keep?: BackupRetention;
  /** Only backups that were restored once count toward `keep`. */
  requireVerified: boolean;
  /** What it backs up, or works on; empty where nothing says so. */
  covers: BackupSubject[];
  /** Databases by name; all when absent. */
  databases?: string[];
  /** Whether the client runs here, or in the server's own pod. */
  via?: BackupJob["via"];
  /** URL of the server, without a password. */
  connection?: string;
  /** SQL that must succeed in what was restored. */
  query?: string;
  /** Which notices the platform declares; their URLs are in the environment. */
  notify: BackupNotices;
}

/**
 * Load the platform that a command line names, and choose its job. Without a platform there is only what the command
 * line says.
 *
 * @example
 * ```ts
 * const { platform, job } = await loadJob(request, "backup-postgres", context);
 * ```
 *
 * @throws {UsageError} when there is no such platform or job, or several jobs would do
 */
export async function loadJob(
  request: JobRequest,
  task: BackupTask,
  context: Pick<Context, "cwd">,
): Promise<{ platform?: Platform; job: ChosenJob }> {
  const { platform: wanted, env } = request;
  if (wanted === undefined) return { job: jobOf(undefined, task, request) };
  const { platform } = await renderPlatform({ platform: wanted, ...env && { env } }, context);
  return { platform, job: jobOf(platform, task, request) };
}

/**
 * What a task is to do: what the request says, and else what the platform's job says, which is the one that the request
 * names, else the only one of the task. A request that names a store needs no job.
 *
 * @throws {UsageError} when there is no such job, it is one of another task, or several would do
 */
export function jobOf(
  platform: Pick<Platform, "name" | "backups"> | undefined,
  task: BackupTask,
  request: Pick<JobRequest, "job" | "store" | "keep"> = {},
): ChosenJob {
  const [name, job] = chosen(platform, task, request) ?? [];
  const { covers = [], requireVerified = false, databases, via, connection, query, from } = job ??
    {};
  const store = request.store ?? job?.store;
  const keep = request.keep === undefined ? job?.keep : parseRetention(request.keep);
  const known = { name, store, from, keep, databases, via, connection, query };
  return {
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    requireVerified,
    covers: covers.map(backupSubject),
    notify: noticesOf(platform?.backups ?? {}, job ?? {}),
  };
}

function chosen(
  platform: Pick<Platform, "name" | "backups"> | undefined,
  task: BackupTask,
  { job: wanted, store }: Pick<JobRequest, "job" | "store">,
): [string, BackupJob] | undefined {
  if (platform === undefined) {
    if (wanted === undefined) return undefined;
    throw new UsageError(`Cannot find the job ${wanted}: no platform is named`, {
      remedy: "name the platform that declares it with --platform",
    });
  }
  const jobs = Object.entries(platform.backups?.jobs ?? {});
  if (wanted !== undefined) return named(wanted, task, jobs, platform.name);
  const ofTask = jobs.filter(([, job]) => job.task === task);
  const fitting = store === undefined ? ofTask : ofTask.filter(([, job]) => job.store === store);
  if (fitting.length <= 1 || store !== undefined) {
    return fitting.length === 1 ? fitting[0] : undefined;
  }
  throw new UsageError(
    `Cannot choose a job of ${task}: the platform ${platform.name} has ${
      fitting.map(([name]) => name).join(" and ")
    }`,
    { remedy: "name one with --job, or a store with --store" },
  );
}

function named(
  wanted: string,
  task: BackupTask,
  jobs: readonly [string, BackupJob][],
  platform: string,
): [string, BackupJob] {
  const found = jobs.find(([name]) => name === wanted);
  if (found === undefined) {
    const guess = closest(wanted, jobs.map(([name]) => name));
    throw new UsageError(
      `Cannot find the job ${wanted}: the platform ${platform} has ${
        jobs.length === 0 ? "no jobs" : jobs.map(([name]) => name).join(", ")
      }`,
      {
        remedy: guess === undefined
          ? "name one of backups.jobs with --job"
          : `did you mean ${guess}?`,
      },
    );
  }
  if (found[1].task === task) return found;
  throw new UsageError(`Cannot run the job ${wanted} by ${task}: it is one of ${found[1].task}`, {
    remedy: `run deno task ${found[1].task} --job ${wanted}, or name a job of ${task}`,
  });
}
