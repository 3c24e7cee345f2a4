/** Back up ClickHouse by its own BACKUP. */
import { backupOptions } from "./shared/backup_options.ts";
import { clickHouseNotSeen, clickHouseOptions } from "./shared/clickhouse_options.ts";
import { command, dryRunOption, examples, run } from "./shared/cli.ts";

const cli = examples(
  clickHouseOptions(backupOptions(
    dryRunOption(
      command(
        "backup-clickhouse",
        "Have a ClickHouse write databases into a store, encrypted, and record them once they were read back",
      ),
    ),
  ))
    .argument(
      "[database...]",
      "databases; CLICKHOUSE_DATABASE, or all that have tables, when absent",
    )
    .addHelpText("after", `\n${clickHouseNotSeen}`),
  [
    "deno task backup-clickhouse --platform bareuptime --env production",
    "deno task backup-clickhouse analytics --connection http://10.10.85.1:8123 --store s3://backups/analytics --recipient age1…",
    "deno task backup-clickhouse --platform bareuptime --collection backups    # the server has the store's key itself",
    "deno task backup-clickhouse --platform bareuptime --dry-run    # what, where to, and for whom",
  ],
);

await run(cli, async (options, databases, context) => {
  const { backupClickHouse } = await import("../lib/flows/clickhouse/backup.ts");
  return await backupClickHouse({ ...options, databases }, context);
});
