/** Restore a Postgres database from a backup. */
import { jobOptions } from "./shared/backup_options.ts";
import { command, dryRunOption, examples, run, yesOption } from "./shared/cli.ts";
import { fromOption } from "./shared/from_option.ts";
import { identityOption } from "./shared/identity_option.ts";
import { postgresOptions } from "./shared/postgres_options.ts";
import { storeOptions } from "./shared/store_options.ts";

const cli = examples(
  postgresOptions(jobOptions(storeOptions(identityOption(fromOption(
    yesOption(
      dryRunOption(
        command(
          "restore-postgres",
          "Restore a Postgres database under a new name, or in the place of one, once it was compared with its backup",
        ),
      ),
    ),
  )))))
    .argument("[database]", "name of the database that was backed up; the only one when absent")
    .option("--to <name>", "name that it gets; <database>_restored_<id> when absent")
    .option("--replace", "take the place of the database of that name, which is kept under another")
    .option("--drop-old", "with --replace: drop what was there, once the new one passed its checks")
    .option("--table <name...>", "rows of these tables only, as schema.table; definitions of all")
    .option("--schema <name...>", "rows of the tables of these schemas only; definitions of all")
    .option("--no-owner", "leave out owners and rights; for roles that are no superusers")
    .option("--no-roles", "do not make roles that the server lacks")
    .option("--no-passwords", "make roles without the passwords that they had")
    .option("--query <sql>", "must answer with a row before the database gets its name"),
  [
    "deno task restore-postgres homepage --store offsite --platform vikingthedev --env prod --identity anna.txt --dry-run",
    "deno task restore-postgres homepage --store offsite --platform vikingthedev --env prod --identity anna.txt",
    "deno task restore-postgres homepage --from 2026-11-21T03:00Z --replace --store offsite --platform vikingthedev --env prod --identity anna.txt",
    "deno task restore-postgres shop --table public.orders --to shop_orders --connection postgresql://postgres@localhost --store /mnt/usb --identity anna.txt",
    "deno task restore-postgres shop --stored-as shop-production/main --connection postgresql://postgres@new.example.org --store s3://backups --identity anna.txt",
  ],
);

await run(cli, async (options, database, context) => {
  const { restorePostgres } = await import("../lib/flows/postgres/restore.ts");
  return await restorePostgres(
    { ...options, ...database === undefined ? {} : { database } },
    context,
  );
});
