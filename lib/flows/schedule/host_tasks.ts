import { isAbsolute } from "node:path";
import { parseDuration } from "../../core/units.ts";
import {
  fromPrefix,
  hostJobs,
  noticeSettings,
  noticesOf,
  storeKeys,
  usualJitter,
} from "../../platform/backups.ts";
import type { BackupJob, Platform } from "../../platform/types.ts";
import { type TimedTask, unitName } from "../../systemd/timed_task.ts";
import { credentialVariable } from "./credentials.ts";

/** Where things are on the host that runs jobs. */
export interface HostPlaces {
  /** Platform as tasks are told it: a name, or the absolute path of a file. */
  platform: string;
  /** Absolute path of Deno. */
  deno: string;
  /** Folder of this repository. */
  project: string;
  /** Folder with Deno's cache, where it is not the service's own. */
  denoDir?: string;
  /** User that jobs run as. @default one that systemd makes for them */
  user?: string;
}

/** Whose units those of a platform are. */
export function unitOwner({ name, environment }: Pick<Platform, "name" | "environment">): string {
  return `${name}-${environment}`;
}

/** A platform's jobs on a host, as systemd is to run them. */
export function hostTasks(
  platform: Pick<Platform, "name" | "environment" | "backups">,
  places: HostPlaces,
  credentials: Readonly<Record<string, Readonly<Record<string, string>>>>,
): TimedTask[] {
  return Object.entries(hostJobs(platform.backups)).map(([name, job]) =>
    hostTask(name, job, { platform, places, credentials: credentials[name] ?? {} })
  );
}

interface Surroundings {
  platform: Pick<Platform, "name" | "environment" | "backups">;
  places: HostPlaces;
  credentials: Readonly<Record<string, string>>;
}

function hostTask(
  name: string,
  job: BackupJob,
  { platform, places, credentials }: Surroundings,
): TimedTask {
  const owner = unitOwner(platform);
  const unit = unitName({ owner, name });
  const { deno, project, denoDir, user } = places;
  const which = ["--platform", places.platform, "--env", platform.environment];
  const toldFile = `${unit}.told`;
  return {
    owner,
    name,
    description: `${job.task} of ${owner}, job ${name}`,
    schedule: job.schedule,
    jitterSeconds: Math.round(parseDuration(job.jitter ?? usualJitter) / 1_000),
    deadlineSeconds: job.deadlineSeconds,
    argv: [deno, "task", "-q", ...job.task.split(" "), ...which, "--job", name],
    failureArgv: [deno, "task", "-q", "schedule-backups", ...which, "--tell-failure", name],
    workingDirectory: project,
    reads: [
      deno,
      project,
      ...denoDir === undefined ? [] : [denoDir],
      ...isAbsolute(places.platform) ? [places.platform] : [],
    ],
    ...user === undefined ? {} : { user },
    environment: {
      HOME: "%S/slipway",
      XDG_CACHE_HOME: "%C/slipway",
      DENO_DIR: denoDir ?? "%C/slipway/deno",
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      SLIPWAY_TOLD_FILE: `%S/slipway/${toldFile}`,
      ...noticeEnvironment(platform, job),
      ...Object.fromEntries(
        Object.keys(credentials).map((
          file,
        ) => [credentialVariable(file), `/run/credentials/%n/${file}`]),
      ),
    },
    credentials,
    toldFile,
  };
}

/** What is no secret stands in the unit; URLs that are come as credentials. */
function noticeEnvironment(
  { backups }: Pick<Platform, "backups">,
  job: BackupJob,
): Record<string, string> {
  const { pushgateway } = noticesOf(backups ?? {}, job);
  return pushgateway === undefined ? {} : { [noticeSettings.pushgateway]: pushgateway };
}

/** Names of secrets that a job cannot do without, or was meant to have. */
export function wantedCredentials(
  { backups }: Pick<Platform, "backups">,
  job: BackupJob,
): string[] {
  const notices = noticesOf(backups ?? {}, job);
  return [
    ...job.store === undefined ? [] : storeKeys,
    ...job.from === undefined ? [] : storeKeys.map((key) => `${fromPrefix}${key}`),
    // Restoring what is encrypted takes the identity of somebody who may read it.
    ...job.task === "verify-backups" && Object.keys(backups?.holders ?? {}).length > 0
      ? ["SLIPWAY_AGE_IDENTITY"]
      : [],
    ...Object.entries(noticeSettings)
      .filter(([kind]) => typeof notices[kind as keyof typeof notices] === "object")
      .map(([, variable]) => variable),
  ];
}
