/** Have backup jobs run at their times: as CronJobs, or by timers of systemd. */
import { command, dryRunOption, examples, run, targetOptions, yesOption } from "./shared/cli.ts";

const cli = examples(
  dryRunOption(yesOption(targetOptions(
    command(
      "schedule-backups",
      "Install a platform's backup jobs: CronJobs on its cluster, or systemd timers on this host",
    ),
  )))
    .option("--systemd", "the jobs with runsOn: host, as timers on this host")
    .option("--folder <folder>", "with --systemd: only write the units there")
    .option(
      "--credentials <folder>",
      "with --systemd: files with secrets, named as their variables; /etc/slipway/credentials when absent",
    )
    .option("--user <name>", "with --systemd: who runs the jobs; a user of their own when absent")
    .option("--deno-dir <folder>", "with --systemd: Deno's cache; one of the jobs' own when absent")
    .option("--remove", "with --systemd: take all units of the platform away")
    .option("--tell-failure <job>", "tell that a run of this job failed; units do so"),
  [
    "deno task schedule-backups --platform vikingthedev --env prod --context prod",
    "deno task schedule-backups --platform vikingthedev --env prod --systemd",
    "deno task schedule-backups --platform vikingthedev --env prod --systemd --folder /tmp/units",
    "deno task schedule-backups --platform vikingthedev --env prod --dry-run",
  ],
);

await run(cli, async (options, context) => {
  const { scheduleBackups } = await import("../lib/flows/schedule/schedule.ts");
  await scheduleBackups(options, context);
});
