/** Back up Postgres databases. */
import { backupOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, duration, examples, run } from "./shared/cli.ts";
import { parallelOption } from "./shared/parallel_option.ts";
import { postgresOptions } from "./shared/postgres_options.ts";

const cli = examples(
  parallelOption(postgresOptions(backupOptions(
    dryRunOption(
      command(
        "backup-postgres",
        "Dump Postgres databases at one moment each, compress and encrypt them, and store them with a record",
      ),
    ),
  )))
    .argument("[database...]", "databases; those of the job, else all of them, when none is named")
    .option(
      "--lock-timeout <duration>",
      "how long to wait for locks of others, such as 5m; 60s when absent",
      duration,
    ),
  [
    "deno task backup-postgres --platform vikingthedev --env prod --job backup-postgres",
    "deno task backup-postgres shop --connection postgresql://backup@db.example.org/shop --store s3://backups/db --recipient age1…",
    "deno task backup-postgres --platform vikingthedev --env prod --via exec --store /mnt/usb",
    "deno task backup-postgres --connection postgresql://postgres@%2Fvar%2Frun%2Fpostgresql --store /mnt/usb --recipient age1…",
    "deno task backup-postgres --platform vikingthedev --env prod --store offsite --dry-run    # which databases, where to",
  ],
);

await run(cli, async (options, databases, context) => {
  const { backupPostgres } = await import("../lib/flows/postgres/backup.ts");
  return await backupPostgres({ ...options, databases }, context);
});
