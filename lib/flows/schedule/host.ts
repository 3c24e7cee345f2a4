import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readIfThere } from "../../local/files.ts";
import { runHere } from "../../local/run_program.ts";
import { hostJobs } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import {
  installUnits,
  planUnits,
  systemUnits,
  type UnitChange,
  writeUnits,
} from "../../systemd/install.ts";
import { createSystemctl } from "../../systemd/systemctl.ts";
import { timedTaskUnits } from "../../systemd/timed_task.ts";
import { summary } from "../show.ts";
import { credentialsFolder, hostCredentials } from "./credentials.ts";
import { hostTasks, unitOwner, wantedCredentials } from "./host_tasks.ts";
import { tellHostSchedules } from "./status.ts";

/** How jobs are installed on a host. */
export interface HostRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform: string;
  /** Only write the units into this folder, and leave systemd alone. */
  folder?: string;
  /** Folder with secrets of the jobs. @default "/etc/slipway/credentials" */
  credentials?: string;
  /** User that jobs run as. @default one that systemd makes for them */
  user?: string;
  /** Folder with Deno's cache. @default one of the services' own, filled at the first run */
  denoDir?: string;
  /** Take all units of the platform away. */
  remove?: boolean;
  /** Only tell what would be done. */
  dryRun?: boolean;
}

/** Folder of this repository. */
const projectFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/**
 * Make the units of this host those that the platform's host jobs want, and let their timers run. Units of other
 * platforms and of others stay as they are.
 *
 * @throws {UsageError} when the platform has no such jobs, or secrets can be read by others
 */
export async function scheduleOnHost(
  platform: Platform,
  request: HostRequest,
  context: Context,
): Promise<void> {
  const owner = unitOwner(platform);
  const folder = request.folder === undefined ? systemUnits : resolve(context.cwd, request.folder);
  const wanted = request.remove ? [] : await wantedUnits(platform, request, context);
  const plan = await planUnits(folder, owner, wanted);
  let writes = 0;
  if (request.folder === undefined && request.user === undefined && !request.remove) {
    await tellUnknownUser(context);
  }
  if (!request.dryRun) {
    if (request.folder === undefined) {
      const systemctl = createSystemctl(runHere(context), context.signal);
      writes = await installUnits(folder, plan, systemctl);
    } else {
      await writeUnits(folder, plan);
      writes = plan.filter(({ action }) => action !== "unchanged").length;
    }
  }
  for (const { unit, action, because } of plan) {
    if (action === "unchanged") continue;
    context.emit({
      type: "change",
      phase: request.dryRun ? "plan" : "apply",
      subject: `unit ${unit.name}`,
      action,
      ...because === undefined ? {} : { because },
    });
  }
  if (request.folder === undefined && !request.remove) await tellHostSchedules(platform, context);
  const count = (wanted: UnitChange["action"]) =>
    plan.filter(({ action }) => action === wanted).length;
  context.emit(summary({
    created: count("created"),
    configured: count("configured"),
    unchanged: count("unchanged"),
    pruned: count("pruned"),
    writes,
  }));
}

async function wantedUnits(platform: Platform, request: HostRequest, context: Context) {
  const jobs = hostJobs(platform.backups);
  if (Object.keys(jobs).length === 0) {
    throw new UsageError(
      `Cannot schedule backups of ${
        unitOwner(platform)
      } on this host: the platform has no job that runs on a host`,
      { remedy: "give one of backups.jobs runsOn: host, or leave out --systemd" },
    );
  }
  const { user, denoDir } = request;
  const folder = resolve(context.cwd, request.credentials ?? credentialsFolder);
  const credentials: Record<string, Record<string, string>> = {};
  for (const [name, job] of Object.entries(jobs)) {
    const found = credentials[name] = await hostCredentials(folder, name);
    const lacks = wantedCredentials(platform, job).filter((file) => found[file] === undefined);
    if (lacks.length === 0) continue;
    context.emit({
      type: "note",
      level: "warning",
      message: `job ${name} will not find ${lacks.join(", ")}`,
      remedy:
        `write each into a file of that name, with mode 600, in ${folder} or ${folder}/${name}`,
    });
  }
  const isFile = /[/\\]|\.ya?ml$/.test(request.platform);
  const tasks = hostTasks(platform, {
    platform: isFile && !isAbsolute(request.platform)
      ? resolve(context.cwd, request.platform)
      : request.platform,
    deno: Deno.execPath(),
    project: projectFolder,
    ...user === undefined ? {} : { user },
    ...denoDir === undefined ? {} : { denoDir: resolve(context.cwd, denoDir) },
  }, credentials);
  return tasks.flatMap(timedTaskUnits);
}

/** Users that systemd makes have names only where its library is asked for them. Source: nss-systemd(8). */
async function tellUnknownUser({ emit }: Pick<Context, "emit">): Promise<void> {
  const asked = await readIfThere("/etc/nsswitch.conf") ?? "";
  if (/^passwd:.*\bsystemd\b/m.test(asked)) return;
  emit({
    type: "note",
    level: "warning",
    message:
      "programs that look up who runs them, such as initdb, will not find the user of the jobs on this host",
    remedy: "install libnss-systemd, or name a user of the host with --user",
  });
}
