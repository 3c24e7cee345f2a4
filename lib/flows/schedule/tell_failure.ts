import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { Platform } from "../../platform/types.ts";
import { unitName } from "../../systemd/timed_task.ts";
import { failureOf } from "../../systemd/timer_state.ts";
import { notifyRun, readNotifySettings } from "../backup/notify.ts";
import { unitOwner } from "./host_tasks.ts";

/**
 * Tell that a job's run failed, with what systemd says of its end: that it took too long, was killed, or could not be
 * started at all. The unit that does so runs only when the run itself could not tell.
 * Source: systemd.exec(5), $MONITOR_SERVICE_RESULT, which systemd sets from its version 251 on.
 */
export async function tellFailure(
  platform: Pick<Platform, "name" | "environment" | "backups">,
  name: string,
  context: Context,
): Promise<void> {
  const unit = `${unitName({ owner: unitOwner(platform), name })}.service`;
  const failure = failureOf({
    Result: context.env("MONITOR_SERVICE_RESULT") ?? "",
    ExecMainStatus: context.env("MONITOR_EXIT_STATUS") ?? "unknown",
  });
  await notifyRun(await readNotifySettings(context), {
    task: platform.backups?.jobs[name]?.task ?? "schedule-backups",
    job: name,
    state: "fail",
    startedAt: context.now(),
    backups: [],
    error: new SlipwayError(
      failure === undefined ? `${unit} failed` : `${unit} failed: ${failure}`,
      { remedy: `see journalctl -u ${unit}` },
    ),
  }, context);
}
