import {
  commandLine,
  ownSection,
  plainText,
  quoted,
  type UnitFile,
  unitFile,
} from "./unit_file.ts";
import { onCalendar } from "./calendar.ts";
import { hardening, homeAccess } from "./hardening.ts";

/** A program that systemd runs at times, and what it runs when that fails. */
export interface TimedTask {
  /** Whose it is, such as `shop-production`; all units begin with it. */
  owner: string;
  /** Its name there. */
  name: string;
  /** What people are told that it is. */
  description: string;
  /** When it runs, as a cron line in UTC. */
  schedule: string;
  /** Up to how much later it may start, in seconds; each host has its own delay, always the same one. */
  jitterSeconds: number;
  /** Longest time that a run may take, in seconds. */
  deadlineSeconds: number;
  /** What is run: absolute path and arguments. */
  argv: readonly string[];
  /** What is run when it fails, or is ended. */
  failureArgv: readonly string[];
  /** Folder that both run in. */
  workingDirectory: string;
  /** Files and folders that both read. */
  reads: readonly string[];
  /** User that both run as. @default one that systemd makes for them */
  user?: string;
  /** Variables of their environment, which everybody on the host can read. `%d` is the folder of credentials. */
  environment: Readonly<Record<string, string>>;
  /** Files with secrets that only root can read, by the names under which the service finds copies. */
  credentials: Readonly<Record<string, string>>;
  /** File in its state folder that a run leaves when it told of its failure itself. */
  toldFile: string;
}

/** What names of all of Slipway's units begin with. */
export const unitPrefix = "slipway-";

/** Name of a task's units without their ending. */
export function unitName({ owner, name }: Pick<TimedTask, "owner" | "name">): string {
  return `${unitPrefix}${owner}-${name}`;
}

/** Folder below /var/lib, /var/cache and so on of all tasks. */
const folder = "slipway";

/** How long a run may take to end in order once its deadline has passed, in seconds. */
const stopSeconds = 60;

/** The units of a task: a service, its timer, and a service that tells of failures. */
export function timedTaskUnits(task: TimedTask): UnitFile[] {
  const { owner, name, description, schedule, jitterSeconds } = task;
  const unit = unitName(task);
  const failed = `${unit}-failed.service`;
  const told = `%S/${folder}/${task.toldFile}`;
  const own = { [ownSection]: { Owner: owner, Task: name } };
  const online = { Wants: "network-online.target", After: "network-online.target" };
  return [
    unitFile(`${unit}.service`, {
      Unit: { Description: plainText(description), ...online, OnFailure: failed },
      Service: {
        Type: "oneshot",
        ExecStartPre: `-rm -f ${told}`,
        ExecStart: commandLine(task.argv),
        TimeoutStartSec: String(task.deadlineSeconds),
        TimeoutStopSec: String(stopSeconds),
        ...surroundings(task),
        Nice: "10",
        IOSchedulingClass: "idle",
        ...hardening,
      },
      ...own,
    }),
    unitFile(`${unit}.timer`, {
      Unit: { Description: plainText(`When to run: ${description}`) },
      Timer: {
        OnCalendar: onCalendar(schedule),
        RandomizedDelaySec: String(jitterSeconds),
        FixedRandomDelay: "true",
        AccuracySec: "1s",
        Persistent: "true",
      },
      Install: { WantedBy: "timers.target" },
      ...own,
    }),
    unitFile(failed, {
      Unit: {
        Description: plainText(`Tell that it failed: ${description}`),
        ...online,
        ConditionPathExists: `!${told}`,
      },
      Service: {
        Type: "oneshot",
        ExecStart: commandLine(task.failureArgv),
        TimeoutStartSec: "300",
        ...surroundings(task),
        ...hardening,
      },
      ...own,
    }),
  ];
}

function surroundings(task: TimedTask) {
  const { user, environment, credentials, workingDirectory, reads } = task;
  return {
    // All tasks of a host share one user, so that they share their folders as well.
    User: user ?? folder,
    ...user === undefined ? { DynamicUser: "yes" } : {},
    WorkingDirectory: plainText(workingDirectory),
    StateDirectory: folder,
    CacheDirectory: folder,
    Environment: Object.entries(environment).map(([name, value]) =>
      // Specifiers are what `%` is for here.
      quoted(`${name}=${value}`).replaceAll("%%", "%")
    ),
    LoadCredential: Object.entries(credentials).map(([name, path]) => `${name}:${plainText(path)}`),
    ...homeAccess(reads),
  };
}
