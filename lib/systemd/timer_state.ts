import { readTime, type Systemctl, type UnitProperties } from "./systemctl.ts";
import { type TimedTask, unitName } from "./timed_task.ts";

/** How a task's timer stands on this host. */
export interface TimerState {
  /** Whether the timer is there, and waits. */
  timer: "waiting" | "disabled" | "absent";
  /** When it last started a run. */
  lastRun?: Temporal.Instant;
  /** When it starts the next one. */
  nextRun?: Temporal.Instant;
  /** Since when it waits. */
  since?: Temporal.Instant;
  /** Whether a run goes on now. */
  running: boolean;
  /** Why the last run failed, in systemd's words such as `timeout`, or `exit-code 1`; absent where it did not. */
  failure?: string;
}

const timerProperties = [
  "LoadState",
  "ActiveState",
  "ActiveEnterTimestamp",
  "LastTriggerUSec",
  "NextElapseUSecRealtime",
];
const serviceProperties = ["ActiveState", "Result", "ExecMainStatus"];

/** How the timers of some tasks stand. Source: org.freedesktop.systemd1(5), "Timer Unit Objects". */
export async function timerStates(
  systemctl: Systemctl,
  tasks: readonly Pick<TimedTask, "owner" | "name">[],
): Promise<TimerState[]> {
  const names = tasks.map(unitName);
  const timers = await systemctl.show(names.map((name) => `${name}.timer`), timerProperties);
  const services = await systemctl.show(names.map((name) => `${name}.service`), serviceProperties);
  return names.map((_, at) => timerState(timers[at] ?? {}, services[at] ?? {}));
}

function timerState(timer: UnitProperties, service: UnitProperties): TimerState {
  const times = {
    lastRun: readTime(timer["LastTriggerUSec"]),
    nextRun: readTime(timer["NextElapseUSecRealtime"]),
    since: readTime(timer["ActiveEnterTimestamp"]),
  };
  const failure = failureOf(service);
  return {
    timer: timer["LoadState"] !== "loaded"
      ? "absent"
      : timer["ActiveState"] === "active"
      ? "waiting"
      : "disabled",
    ...Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined)),
    running: ["activating", "active", "reloading"].includes(service["ActiveState"] ?? ""),
    ...failure === undefined ? {} : { failure },
  };
}

/** Why a service's last run failed; undefined where it did not. Source: systemd.exec(5), $SERVICE_RESULT. */
export function failureOf(service: UnitProperties): string | undefined {
  const result = service["Result"];
  if (result === undefined || result === "" || result === "success") return undefined;
  return result === "exit-code" ? `exit code ${service["ExecMainStatus"]}` : result;
}
