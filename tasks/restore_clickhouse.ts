/** Restore ClickHouse by its own RESTORE. */
import { jobOptions } from "./shared/backup_options.ts";
import { clickHouseNotSeen, clickHouseOptions } from "./shared/clickhouse_options.ts";
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { fromOption } from "./shared/from_option.ts";
import { identityOption } from "./shared/identity_option.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  clickHouseOptions(jobOptions(storeOptions(identityOption(fromOption(
    yesOption(dryRunOption(
      command(
        "restore-clickhouse",
        "Have a ClickHouse restore a database under a new name, or in place of the one that is there",
      ),
    )),
  )))))
    .argument("<database>", "the database, as it was called when it was backed up")
    .option("--to <name>", "name that it gets; its own and the backup's id when absent")
    .option("--replace", "restore in place of what is there, which is renamed; asks")
    .addHelpText("after", `\n${clickHouseNotSeen}`),
  [
    "deno task restore-clickhouse analytics --platform bareuptime --env production --identity ~/.age/anna.txt",
    "deno task restore-clickhouse analytics --to analytics_yesterday --from 2026-11-20T18:00:00Z --platform bareuptime",
    "deno task restore-clickhouse analytics --replace --platform bareuptime    # asks first",
    "deno task restore-clickhouse analytics --connection http://localhost:8123 --store s3://backups/analytics",
  ],
);

await run(cli, async (options, database, context) => {
  const { restoreClickHouse } = await import("../lib/flows/clickhouse/restore.ts");
  return await restoreClickHouse({ ...options, database }, context);
});
