import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { runHere } from "../../local/run_program.ts";
import type { Platform } from "../../platform/types.ts";
import { createSystemctl } from "../../systemd/systemctl.ts";
import { unitName } from "../../systemd/timed_task.ts";
import { failureOf } from "../../systemd/timer_state.ts";
import { notifyRun, readNotifySettings } from "../backup/notify.ts";
import { unitOwner } from "./host_tasks.ts";

/**
 * Tell that a job's run failed, with what systemd knows of its end: that it took too long, was killed, or could not be
 * started at all. The unit that does so runs only when the run itself could not tell.
 */
export async function tellFailure(
  platform: Platform,
  name: string,
  context: Context,
): Promise<void> {
  const unit = `${unitName({ owner: unitOwner(platform), name })}.service`;
  const systemctl = createSystemctl(runHere(context), context.signal);
  const [service = {}] = await systemctl.show([unit], ["Result", "ExecMainStatus"]);
  const task = platform.backups?.jobs[name]?.task ?? "backup";
  const how = failureOf(service) ?? "an end that systemd does not tell";
  const settings = await readNotifySettings(context);
  await notifyRun(settings, {
    task,
    job: name,
    state: "fail",
    startedAt: context.now(),
    backups: [],
    error: new SlipwayError(`${unit} failed: ${how}`, {
      remedy: `see journalctl -u ${unit}`,
    }),
  }, context);
}
